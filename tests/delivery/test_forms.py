"""收件信息 as people type it."""

import pytest

from apps.cards.enums import RequestStatus
from apps.delivery import addresses
from apps.delivery.enums import DeliveryMethod
from apps.delivery.forms import ShipmentForm
from tests.factories.cards import AT, make_request
from tests.factories.payments import make_shipment
from tests.factories.people import make_holder, make_ward
from tests.factories.regions import make_city, make_county

pytestmark = pytest.mark.django_db


@pytest.fixture
def card_request():
    make_county("370303", "张店区", city=make_city("370300", "淄博市"))
    return make_request(RequestStatus.SUBMITTED)


def typed(**changes):
    make_county()
    return {
        "method": "MAIL",
        "recipient": "张超",
        "phone": "138 0013 8000",
        "province": "370000",
        "city": "370100",
        "county": "370102",
        "address": "共青团西路８８号",
        "postcode": "",
        "branch": "",
    } | changes


def fill(card_request, **changes):
    return ShipmentForm(typed(**changes), card_request=card_request, at=AT)


def test_what_was_typed_is_made_uniform(card_request):
    form = fill(card_request, recipient=" 阿依古丽•买买提 ", postcode="２５０ ０００\u200e")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["recipient"] == "阿依古丽·买买提"
    assert form.cleaned_data["phone"] == "13800138000"
    assert form.cleaned_data["address"] == "共青团西路88号"
    assert form.cleaned_data["postcode"] == "250000"


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("山东省淄博市张店区柳泉路1号", "淄博市"),
        ("淄博市柳泉路1号", "淄博市"),
        ("山东省济南市历下区文化东路88号", ""),
        ("济南市文化东路88号", ""),
        ("淄博市场街8号", ""),
    ],
)
def test_an_address_that_begins_with_another_place_is_asked_about(card_request, address, named):
    form = fill(card_request, address=address)
    assert form.is_valid() is not bool(named), form.errors
    if named:
        assert f"详细地址写的是{named}，上面选的却是济南市" in form.errors["address"][0]


def test_the_cleaned_data_are_what_the_service_takes(card_request):
    form = fill(card_request)
    assert form.is_valid()
    assert set(form.cleaned_data) == {
        "method",
        "recipient",
        "phone",
        "city",
        "county",
        "address",
        "postcode",
    }


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("method", "", "请选择怎么领卡。"),
        ("method", "DRONE", "请在列出的领卡方式中选择一种。"),
        ("recipient", "", "请填写收件人姓名。"),
        ("recipient", "张超1", "姓名中不能有「1」这样的数字或符号。请删去，或换成身份证上的字。"),
        ("phone", "", "请填写收件人的手机号。"),
        ("phone", "1380013800", "手机号应为 11 位，您填了 10 位。"),
        ("province", "", "请选择省份。"),
        ("city", "", "请选择城市。"),
        ("county", "", "请选择区县。"),
        ("county", "370303", "这个区县不在所选的城市内，请重新选择区县。"),
        ("address", "", "请填写详细地址，写到门牌号。"),
        ("address", "三号楼", "详细地址太短，至少 4 个字，请写到门牌号。"),
        ("address", "路" * 201, "详细地址最多 200 个字，您填了 201 个，请删减。"),
        (
            "address",
            "文化东路88号👍",
            "详细地址中不能有「👍」这样的图形符号，请删去，或改成文字。",
        ),
        ("postcode", "25000", "邮政编码应为 6 位数字，不清楚可以不填。"),
    ],
)
def test_an_error_stands_beside_its_field_and_says_what_to_do(card_request, field, value, message):
    form = fill(card_request, **{field: value})
    assert not form.is_valid()
    assert form.errors == {field: [message]}


@pytest.mark.parametrize("length", [4, 200])
def test_an_address_may_have_from_4_to_200_characters(card_request, length):
    assert fill(card_request, address="路" * length).is_valid()


def test_signs_that_people_write_in_an_address_stay(card_request):
    for address in ("经十路№3，A座（北）#2-301 & 302", "𠮷祥里①号楼50㎡"):
        assert fill(card_request, address=address).is_valid()


def test_for_a_pickup_only_the_branch_is_judged(card_request):
    nothing = dict.fromkeys(("recipient", "phone", "province", "city", "county", "address"), "")
    form = fill(card_request, method="PICKUP", branch="张店 支行", **nothing)
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {"method": "PICKUP", "branch": "张店 支行"}


def test_for_a_pickup_what_is_wrong_in_the_address_does_not_matter(card_request):
    form = fill(card_request, method="PICKUP", branch="张店支行", phone="1", postcode="x")
    assert form.is_valid(), form.errors


@pytest.mark.parametrize(
    ("branch", "message"),
    [
        ("", "请填写领卡的银行网点名称。"),
        ("张店", "网点名称太短，至少 4 个字，请写网点的全称。"),
        ("行" * 51, "网点名称最多 50 个字，您填了 51 个，请删减。"),
    ],
)
def test_a_pickup_needs_the_name_of_a_branch(card_request, branch, message):
    form = fill(card_request, method="PICKUP", branch=branch)
    assert form.errors == {"branch": [message]}


def test_the_form_begins_with_what_is_known(card_request):
    initial = ShipmentForm(card_request=card_request, at=AT).initial
    assert initial["method"] == DeliveryMethod.MAIL
    assert initial["recipient"] == card_request.holder.name
    assert initial["phone"] == card_request.particulars.phone
    assert (initial["city"].pk, initial["county"].pk) == ("370300", "370303")
    assert initial["address"] == "共青团西路 88 号"


def test_for_a_child_the_guardian_receives_the_card():
    guardian = make_holder(name="张建国")
    card_request = make_request(
        RequestStatus.SUBMITTED, holder=make_ward(guardian), by=guardian.user
    )
    assert ShipmentForm(card_request=card_request, at=AT).initial["recipient"] == "张建国"


def test_the_form_shows_again_what_was_saved(card_request):
    make_shipment(card_request, recipient="李四", address="经十路1号")
    initial = ShipmentForm(card_request=card_request, at=AT).initial
    assert (initial["recipient"], initial["address"]) == ("李四", "经十路1号")
    make_shipment(card_request, method=DeliveryMethod.PICKUP, branch="张店支行")
    initial = ShipmentForm(card_request=card_request, at=AT).initial
    assert (initial["method"], initial["branch"]) == (DeliveryMethod.PICKUP, "张店支行")
    assert initial["recipient"] == card_request.holder.name


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("山东省济南市历下区经十路1号", ("370000", "370100", "370102", "经十路1号")),
        ("山东省济南市经十路1号", ("370000", "370100", None, "经十路1号")),
        ("山东省 济南市 历下区 经十路1号", ("370000", "370100", "370102", "经十路1号")),
        ("济南市历下区经十路1号", (None, None, None, "济南市历下区经十路1号")),
        ("北京市朝阳区建国路1号", ("110000", "110000", "110105", "建国路1号")),
        ("", (None, None, None, "")),
    ],
)
def test_an_address_in_one_line_is_split_as_far_as_it_is_understood(text, parts):
    make_county()
    beijing = make_city("110000", "北京市", province_name="北京市", is_municipality=True)
    make_county("110105", "朝阳区", city=beijing)
    *places, rest = addresses.split(text)
    assert (*(place and place.pk for place in places), rest) == parts
