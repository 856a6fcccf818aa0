import pytest
from django import forms

from apps.regions.forms import AddressRegionMixin
from apps.regions.models import County
from tests.factories.regions import make_city, make_county, make_own_authority

pytestmark = pytest.mark.django_db

JINAN = {"province": "370000", "city": "370100", "county": "370102"}


class AddressForm(AddressRegionMixin, forms.Form):
    street = forms.CharField(error_messages={"required": "请填写详细地址。"})


class MemoForm(AddressRegionMixin, forms.ModelForm):
    """Any model with a `city` serves to see that the mixin works in a ModelForm."""

    class Meta:
        model = County
        fields = ["city"]


def errors(data):
    return AddressForm({"street": "共青团西路 88 号"} | data).errors.get_json_data()


def labels(form, name):
    return [label for _, label in form.fields[name].choices]


def messages(data):
    return {name: [e["message"] for e in found] for name, found in errors(data).items()}


@pytest.fixture(autouse=True)
def places():
    make_county()
    make_own_authority()
    make_city("370200", "青岛市")
    make_county("370202", "市南区", city=make_city("370200"))
    make_city("441900", "东莞市", province_name="广东省")
    beijing = make_city("110000", "北京市", province_name="北京市", is_municipality=True)
    make_county("110101", "东城区", city=beijing)


def test_a_region_that_fits_together_is_taken():
    form = AddressForm(JINAN | {"street": "共青团西路 88 号"})

    assert form.is_valid()
    assert [form.cleaned_data[name].name for name in JINAN] == ["山东省", "济南市", "历下区"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({}, {"province": ["请选择省份。"]}),
        ({"province": "370000"}, {"city": ["请选择城市。"]}),
        (JINAN | {"county": ""}, {"county": ["请选择区县。"]}),
        (
            JINAN | {"city": "441900"},
            {"city": ["这个城市不在所选的省份内，请重新选择城市。"]},
        ),
        (
            JINAN | {"city": "370200"},
            {"county": ["这个区县不在所选的城市内，请重新选择区县。"]},
        ),
        (JINAN | {"city": "379900"}, {"city": ["这个城市不在所选的省份内，请重新选择城市。"]}),
        (JINAN | {"province": "99"}, {"province": ["没有找到这个省份，请从列表中重新选择。"]}),
    ],
)
def test_what_does_not_fit_gets_one_sentence(data, expected):
    assert messages(data) == expected


def test_a_city_without_counties_needs_none():
    assert errors({"province": "440000", "city": "441900", "county": ""}) == {}


def test_a_municipality_chooses_its_city_by_itself():
    left_over = {"city": "370100"}
    form = AddressForm(
        left_over | {"province": "110000", "county": "110101", "street": "某街 1 号"}
    )

    assert form.is_valid()
    assert form.cleaned_data["city"].name == "北京市"


def test_the_lists_hold_only_what_lies_in_the_choice():
    form = AddressForm(initial={"province": "370000", "city": "370100"})

    assert labels(form, "city") == ["请选择城市", "济南市", "青岛市"]
    assert labels(form, "county") == ["请选择区县", "历下区"]


def test_an_empty_form_offers_provinces_and_says_what_comes_first():
    form = AddressForm()

    assert labels(form, "province") == ["请选择省份", "北京市", "山东省", "广东省"]
    assert labels(form, "city") == ["请先选择省份"]
    assert labels(form, "county") == ["请先选择城市"]


def test_the_narrowing_button_brings_lists_and_kept_entries_but_no_errors():
    form = AddressForm(
        {"province": "370000", "city": "", "street": "", AddressForm.NARROW: "1"},
    )

    assert not form.is_valid()
    assert not form.errors
    assert labels(form, "city") == ["请选择城市", "济南市", "青岛市"]
    assert form["province"].value() == "370000"


def test_the_narrowing_button_never_lets_a_complete_form_through():
    assert not AddressForm(JINAN | {"street": "某街 1 号", AddressForm.NARROW: "1"}).is_valid()


def test_the_browser_never_insists_on_a_county():
    assert "required" not in str(AddressForm(JINAN)["county"])
    assert "required" in str(AddressForm(JINAN)["city"])


def test_the_lists_narrow_in_a_model_form_from_its_instance():
    form = MemoForm(instance=County.objects.get(code="370202"), initial={"province": "370000"})

    assert labels(form, "county") == ["请选择区县", "市南区"]
