"""证件有效期: two days of the identity card, or the word 长期 in the place of the second."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from apps.common.moments import day_of
from apps.common.rules import rule_text
from apps.requests.declaration import LONG_TERM
from apps.typed_text.id_numbers import age
from apps.typed_text.inputs import DayField


def inputs(years):
    return {
        "id_valid_from": DayField(
            label="证件有效期起",
            unmarked=True,
            help_text="身份证背面（国徽面）有效期限的前一个日期",
            error_messages={
                "required": "请填写身份证有效期的起始日期。",
                "invalid": "起始日期不正确，请按 2016-05-20 的样子填写。",
            },
        ),
        "id_valid_until": DayField(
            label="证件有效期止",
            required=False,
            unmarked=True,
            help_text="证件上写的是“长期”时不用填，请勾选下面一项",
            error_messages={"invalid": "终止日期不正确，请按 2036-05-20 的样子填写。"},
        ),
        "is_long_term": forms.BooleanField(label="证件长期有效", required=False),
    }


def initial(row):
    until = row.id_valid_until
    return {
        "id_valid_from": _iso(row.id_valid_from),
        "id_valid_until": "" if until == LONG_TERM else _iso(until),
        "is_long_term": until == LONG_TERM,
    }


def _iso(day):
    return day.isoformat() if day else ""


def clean(form, data):
    """Both days against each other, the birth date and today; 长期 against the age at issue."""
    begin = data.get("id_valid_from")
    if begin is not None:
        _clean_begin(form, begin)
        begin = data.get("id_valid_from")
    if data.get("is_long_term") and form["id_valid_until"].data:
        _ask_which(form)
    elif data.get("is_long_term"):
        _clean_long_term(form, data, begin)
    elif "id_valid_until" not in form.errors:
        _clean_end(form, begin, data.get("id_valid_until"))


def _clean_begin(form, begin):
    if begin > day_of(form.at):
        error = ValidationError("证件有效期的起始日期不能晚于今天。", code="future")
    elif begin <= form.particulars.birth_date:
        error = ValidationError("证件有效期的起始日期应晚于出生日期。", code="before_birth")
    else:
        return
    form.add_error("id_valid_from", error)


def _clean_end(form, begin, until):
    if until is None:
        form.add_error("id_valid_until", "请填写身份证有效期的终止日期，或勾选「证件长期有效」。")
    elif begin is not None and until <= begin:
        form.add_error("id_valid_until", "终止日期应晚于起始日期，请核对身份证背面。")
    elif until < day_of(form.at):
        form.add_error(
            "id_valid_until",
            "您的身份证已过有效期，请先到公安机关换领身份证，再来申领社保卡。",
        )


def _ask_which(form):
    """An end and the word 长期 contradict each other: only the card itself can tell."""
    form.errors.pop("id_valid_until", None)
    form.add_error(
        "id_valid_until",
        ValidationError(
            "您填了终止日期，又勾选了「证件长期有效」，两个只能有一个。请看身份证背面："
            "写着“长期”的，请清空终止日期；写着日期的，请取消勾选。",
            code="contradiction",
        ),
    )


def _clean_long_term(form, data, begin):
    years = age(form.particulars.birth_date, day=begin or day_of(form.at))
    if years < settings.ID_CARD_FOR_GOOD_FROM_AGE:
        form.add_error(
            "is_long_term",
            f"{rule_text('ID_CARD_FOR_GOOD_FROM_AGE')}起领的身份证才长期有效，请核对后填写终止日期。",
        )
    else:
        data["id_valid_until"] = LONG_TERM


def still_holds(row, today):
    return bool(row.id_valid_until and row.id_valid_until >= today)


def text(row, write_day):
    """2020-01-01 至 2040-01-01, or 至 长期; empty while the first day is missing."""
    if not row.id_valid_from:
        return ""
    until = row.id_valid_until
    end = "长期" if until == LONG_TERM else (write_day(until) if until else "")
    return f"{write_day(row.id_valid_from)} 至 {end}"
