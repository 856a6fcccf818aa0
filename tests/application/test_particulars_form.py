"""What the form says to what people type."""

import json
from datetime import date, timedelta

import pytest

from apps.common.moments import day_of
from apps.requests.declaration import LONG_TERM
from apps.requests.forms import ParticularsForm, resumed
from tests.factories.cards import AT, make_draft
from tests.factories.people import make_holder, make_ward

pytestmark = pytest.mark.django_db

TODAY = day_of(AT)
TYPED = {
    "ethnicity": "01",
    "id_valid_from": "2020-01-01",
    "id_valid_until": "2040-01-01",
    "phone": "13800138000",
    "address": "山东省淄博市张店区共青团西路 88 号",
    "occupation": "2000000",
    "household_type": "",
}


def form_for(card_request, *, at=AT, has_portrait=True, topics=None, **typed):
    return ParticularsForm(
        TYPED | typed,
        particulars=card_request.particulars,
        at=at,
        has_portrait=has_portrait,
        topics=topics,
    )


def first_error(field, **typed):
    form = form_for(make_draft(), **typed)
    assert not form.is_valid()
    return form.errors[field][0]


def test_complete_particulars_are_valid():
    form = form_for(make_draft())
    assert form.is_valid()
    assert form.columns()["id_valid_until"] == date(2040, 1, 1)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("1380013800", "手机号应为 11 位，您填了 10 位。"),
        ("138001380001", "手机号应为 11 位，您填了 12 位。"),
        ("12800138000", "手机号应以 13 至 19 开头，请检查前两位。"),
        ("1380013800a", "手机号只能填数字，请检查「a」。"),
        ("", "请填写手机号。"),
    ],
)
def test_a_wrong_phone_number_is_told_what_is_wrong(typed, message):
    assert first_error("phone", phone=typed) == message


@pytest.mark.parametrize("typed", ["１３８００１３８０００", "138 0013 8000", "+86138-0013-8000"])
def test_a_phone_number_may_be_typed_in_many_ways(typed):
    assert form_for(make_draft(), phone=typed).columns()["phone"] == "13800138000"


def test_a_full_width_address_is_made_half_width_and_keeps_its_punctuation():
    form = form_for(make_draft(), address="　济南市历下区，Ａ座１２号（东）")
    assert form.columns()["address"] == "济南市历下区，A座12号（东）"


@pytest.mark.parametrize(
    ("typed", "words"), [("济南", "至少 5 个字"), ("济" * 101, "您填了 101 个字")]
)
def test_an_address_has_five_to_a_hundred_characters(typed, words):
    assert words in first_error("address", address=typed)


@pytest.mark.parametrize(
    ("begin", "end", "field", "words"),
    [
        ("2020-01-01", "2019-01-01", "id_valid_until", "晚于起始日期"),
        ("2010-01-01", "2026-11-22", "id_valid_until", "已过有效期"),
        ("2026-11-24", "2046-11-24", "id_valid_from", "不能晚于今天"),
        ("1985-06-15", "2040-01-01", "id_valid_from", "晚于出生日期"),
        ("2020-02-30", "2040-01-01", "id_valid_from", "日期不正确"),
        ("2020-01-01", "", "id_valid_until", "请填写身份证有效期的终止日期"),
    ],
)
def test_the_validity_of_the_document_must_make_sense(begin, end, field, words):
    assert words in first_error(field, id_valid_from=begin, id_valid_until=end)


def test_a_document_is_valid_on_its_last_day():
    assert form_for(make_draft(), id_valid_until=TODAY.isoformat()).is_valid()


def test_dates_may_be_typed_as_they_stand_on_the_document():
    form = form_for(make_draft(), id_valid_from="2020.01.01", id_valid_until="２０４０．０１．０１")
    assert form.columns()["id_valid_from"] == date(2020, 1, 1)


@pytest.mark.parametrize(("age", "is_plausible"), [(45, False), (46, True)])
def test_long_term_is_plausible_from_the_age_of_46_at_issue(age, is_plausible):
    issued = date(2020, 1, 1)
    holder = make_holder(birth_date=issued.replace(year=2020 - age))
    form = form_for(make_draft(holder=holder), id_valid_until="", is_long_term="on")
    assert form.is_valid() is is_plausible
    assert (form.columns()["id_valid_until"] == LONG_TERM) is is_plausible
    assert ("is_long_term" in form.errors) is not is_plausible


@pytest.mark.parametrize("end", ["2040-01-01", "２０４０年１月１日", "2019-01-01", "不清楚"])
def test_an_end_and_long_term_together_are_asked_about(end):
    draft = make_draft(holder=make_holder(birth_date=date(1960, 1, 1)))
    form = form_for(draft, id_valid_until=end, is_long_term="on")
    [question] = form.errors["id_valid_until"]
    assert "只能有一个" in question
    assert "is_long_term" not in form.errors
    assert form.columns()["id_valid_until"] is None
    assert json.loads(form.typed())["id_valid_until"] == end
    assert form_for(draft, id_valid_until="\u200b ", is_long_term="on").is_valid()


def test_a_missing_portrait_is_named_with_the_rest():
    form = form_for(make_draft(), has_portrait=False)
    assert form.non_field_errors() == ["请上传电子照片，并点「使用这张照片」。"]


def test_a_child_under_seven_needs_no_portrait_no_validity_and_no_occupation():
    guardian = make_holder()
    ward = make_ward(guardian, birth_date=TODAY - timedelta(days=365 * 5))
    draft = make_draft(holder=ward, by=guardian.user, complete=False)
    form = form_for(draft, has_portrait=False)
    assert not {"occupation", "id_valid_from", "id_valid_until"} & form.fields.keys()
    assert form.is_valid()


def test_an_amendment_opens_only_the_named_fields():
    form = form_for(make_draft(), topics=["phone", "id_valid"], has_portrait=False)
    assert set(form.fields) == {"phone", "id_valid_from", "id_valid_until", "is_long_term"}
    assert form.is_valid()
    assert set(form.columns()) == {"phone", "id_valid_from", "id_valid_until"}


def test_wrong_values_stay_out_of_the_columns_and_in_what_was_typed():
    form = form_for(make_draft(), phone="138", id_valid_from="2040-01-01", id_valid_until="2020")
    columns = form.columns()
    assert columns["phone"] == ""
    assert columns["id_valid_until"] is None
    assert json.loads(form.typed())["phone"] == "138"


def test_what_was_typed_is_resumed_with_its_errors():
    draft = make_draft()
    draft.particulars.typed = form_for(draft, phone="138").typed()
    form = resumed(draft.particulars, at=AT, has_portrait=True)
    assert form.errors["phone"] == ["手机号应为 11 位，您填了 3 位。"]


def test_saved_columns_are_resumed_as_a_valid_form():
    draft = make_draft()
    assert resumed(draft.particulars, at=AT, has_portrait=True).is_valid()
