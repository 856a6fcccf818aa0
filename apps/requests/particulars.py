"""Which particulars a request needs, and which of them a reviewer may open for change."""

import json
from dataclasses import dataclass

from django.conf import settings

from apps.common.id_numbers import age
from apps.common.moments import day_of

COPIED_FROM_HOLDER = ("name", "id_type", "id_number", "sex", "birth_date", "nationality")


@dataclass(frozen=True)
class Topic:
    """What a reviewer can name in an amendment, and the columns that it opens."""

    label: str
    columns: tuple


AMENDABLE = {
    "portrait": Topic(
        "电子照片",
        ("portrait", "portrait_source", "portrait_crop", "portrait_findings", "portrait_saved_at"),
    ),
    "ethnicity": Topic("民族", ("ethnicity",)),
    "id_valid": Topic("证件有效期", ("id_valid_from", "id_valid_until")),
    "phone": Topic("手机号", ("phone",)),
    "address": Topic("常住地址", ("address",)),
    "occupation": Topic("职业", ("occupation",)),
    "household_type": Topic("户口性质", ("household_type",)),
}


def required_fields(birth_date, *, at):
    """The columns that must be filled at `at` for a person born on `birth_date`."""
    years = age(birth_date, day=day_of(at))
    fields = ["ethnicity", "phone", "address"]
    if years >= settings.ID_CARD_FROM_AGE:
        fields += ["id_valid_from", "id_valid_until"]
    if years >= settings.EMPLOYMENT_FROM_AGE:
        fields += ["occupation"]
    if years >= settings.PORTRAIT_FROM_AGE:
        fields += ["portrait"]
    return fields


def reasons_of(items):
    """The reasons of an amendment's `items` in one line, as the event keeps them."""
    return "；".join(item["reason"] for item in items)


def snapshot(particulars, fields):
    """The columns of the topics `fields` as JSON text; pictures are kept as files instead."""
    columns = [
        column for name in fields if name != "portrait" for column in AMENDABLE[name].columns
    ]
    values = {column: getattr(particulars, column) for column in columns}
    return json.dumps(values, ensure_ascii=False, default=str) if values else ""


def missing_fields(particulars, *, at):
    """The required columns that are still empty, in the order of the form."""
    return [
        name
        for name in required_fields(particulars.birth_date, at=at)
        if not getattr(particulars, name)
    ]
