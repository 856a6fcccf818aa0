"""The fields of the particulars, each declared once, in the order of the pages.

To add one: declare it here. It is kept in `Particulars.extra`, unless the database has to search
or constrain it: then it gets a column of the same name and `store=Store.COLUMN`. What is asked
must also be said in the agreements (templates/people/consents). With `is_ordered`,
`manage.py order_columns` writes it into docs/bureau-files.md.
"""

from django.conf import settings

from apps.people.documents import NATIONALITIES
from apps.people.enums import Ethnicity, HouseholdType, IdType, Occupation, Sex
from apps.requests import id_validity
from apps.requests.declaration import (
    Field,
    FieldStep,
    Kept,
    OnFile,
    Store,
    everybody,
    from_age,
)
from apps.requests.inputs import AddressField, PhoneField


def _phone_inputs(years):
    is_adult = years >= settings.GUARDIAN_UNTIL_AGE
    own = "请填写本人实名办理的手机号"
    return {
        "phone": PhoneField(
            label="手机号",
            # For a child, the number is that of the guardian.
            help_text=own if is_adult else "请填写您（监护人）本人实名办理的手机号",
            error_messages={"required": "请填写手机号。"},
        )
    }


def _address_inputs(years):
    return {
        "address": AddressField(
            label="常住地址",
            help_text="从省、市写到门牌号",
            error_messages={"required": "请填写常住地址。"},
        )
    }


def _nationality(row, write_day):
    return NATIONALITIES.get(row.nationality, row.nationality)


FIELDS = (
    # --- From the roster -------------------------------------------------------------------------
    Field(
        name="name",
        label="姓名",
        step=FieldStep.ROSTER,
        store=Store.COLUMN,
        datum="name",
        on_file=OnFile.PERSON,
        is_compared_with_earlier=True,
        export_width=10,
        is_ordered=True,
    ),
    Field(
        name="id_type",
        label="证件类型",
        step=FieldStep.ROSTER,
        store=Store.COLUMN,
        codes=IdType,
        is_ordered=True,
        kept=Kept.FOR_GOOD,
    ),
    Field(
        name="id_number",
        label="社会保障号码",
        step=FieldStep.ROSTER,
        store=Store.COLUMN,
        datum="id_number",
        on_file=OnFile.PERSON,
        export_width=22,
        is_ordered=True,
    ),
    Field(
        name="sex",
        label="性别",
        step=FieldStep.ROSTER,
        store=Store.COLUMN,
        codes=Sex,
        on_file=OnFile.PERSON,
        is_ordered=True,
        kept=Kept.FOR_GOOD,
    ),
    Field(
        name="birth_date",
        label="出生日期",
        step=FieldStep.ROSTER,
        store=Store.COLUMN,
        empty=None,
        datum="birth_date",
        on_file=OnFile.PERSON,
        is_ordered=True,
    ),
    Field(
        name="nationality",
        label="国籍",
        step=FieldStep.ROSTER,
        store=Store.COLUMN,
        text=_nationality,
        on_file=OnFile.PERSON,
        is_ordered=True,
        kept=Kept.FOR_GOOD,
    ),
    # --- On a page of its own --------------------------------------------------------------------
    Field(
        name="portrait",
        label="电子照片",
        step=FieldStep.PORTRAIT,
        store=Store.COLUMN,
        columns={"portrait": "制证照片"},
        side_columns=(
            "portrait_source",
            "portrait_crop",
            "portrait_findings",
            "is_portrait_close",
            "portrait_saved_at",
        ),
        required=from_age("PORTRAIT_FROM_AGE"),
        kept=Kept.PORTRAIT_RETENTION,
    ),
    # --- Typed -----------------------------------------------------------------------------------
    Field(
        name="ethnicity",
        label="民族",
        store=Store.COLUMN,
        codes=Ethnicity,
        required=everybody,
        known=lambda holder, guardian: holder.ethnicity,
        on_file=OnFile.PERSON,
        is_ordered=True,
    ),
    Field(
        name="id_valid",
        label="证件有效期",
        store=Store.COLUMN,
        columns={"id_valid_from": "证件有效期起", "id_valid_until": "证件有效期止"},
        empty=None,
        asked=from_age("ID_CARD_FROM_AGE"),
        required=from_age("ID_CARD_FROM_AGE"),
        inputs=id_validity.inputs,
        initial=id_validity.initial,
        clean=id_validity.clean,
        still_holds=id_validity.still_holds,
        text=id_validity.text,
        is_ordered=True,
    ),
    Field(
        name="phone",
        label="手机号",
        store=Store.COLUMN,
        required=everybody,
        inputs=_phone_inputs,
        known=lambda holder, guardian: (guardian or holder).phone,
        datum="phone",
        on_file=OnFile.HOUSEHOLD,
        is_compared_with_earlier=True,
        export_width=14,
        is_ordered=True,
    ),
    Field(
        name="address",
        label="常住地址",
        store=Store.COLUMN,
        required=everybody,
        inputs=_address_inputs,
        known=lambda holder, guardian: holder.address or (guardian.address if guardian else ""),
        datum="address",
        on_file=OnFile.HOUSEHOLD,
        is_ordered=True,
    ),
    Field(
        name="occupation",
        label="职业",
        store=Store.COLUMN,
        codes=Occupation,
        asked=from_age("EMPLOYMENT_FROM_AGE"),
        required=from_age("EMPLOYMENT_FROM_AGE"),
        known=lambda holder, guardian: "" if guardian else holder.occupation,
        on_file=OnFile.PERSON,
        is_ordered=True,
    ),
    Field(
        name="household_type",
        label="户口性质",
        store=Store.COLUMN,
        codes=HouseholdType,
        still_holds=lambda row, today: True,
    ),
)
