"""The 采集表 (collection form) of a centre: its columns, and whom it lists.

The fields of the person are those of apps.requests.fields, with the codes of the order file
(apps.bureau.order_lines). So a field that is declared there is offered here by itself.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q

from apps.bureau import order_lines
from apps.bureau.port import of_bureau
from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.common.visibility import shown as shown_at
from apps.exports.models import Export, ExportedRequest
from apps.people.models import Guardianship
from apps.requests import registry
from apps.requests.declaration import FieldStep

CHUNK = 500
# Decided on, and not over yet: what has ended loses its pictures after a time.
LISTED = (RequestStatus.APPROVED, RequestStatus.PRODUCED, RequestStatus.DISPATCHED)
BY_A_UNIT = "06"  # 系统类别: 单位端
# GB/T 3304 ends with 56. The centre's table knows no further groups but 其他.
_CODES = {"ethnicity": {"97": "99", "98": "99"}}
_PLAIN = re.compile(r"[0-9A-Z]{6,20}", re.ASCII)


@dataclass(frozen=True)
class SheetColumn:
    """`value` is from the particulars, the request and the shipment (or None) to a text."""

    name: str
    label: str
    value: Callable[[Any, Any, Any], str]
    datum: str = ""
    codes: tuple[tuple[str, str], ...] = ()
    """The code table, for the explanation that goes with the file."""


def columns():
    """Name → `SheetColumn`, of everything that can be asked for, in the usual order."""
    told = order_lines.columns()
    found = [
        *_of_person(told),
        *(
            SheetColumn(name, label, _OWN.get(name) or told[name].of_rows, *_MORE.get(name, ()))
            for name, label in _OTHERS.items()
        ),
        *(SheetColumn(name, label, _nothing) for name, label in _NOT_ASKED.items()),
    ]
    return {column.name: column for column in found}


def _nothing(p, r, s):
    return ""


def _of_person(told):
    for declared in registry.every():
        if declared.step == FieldStep.PORTRAIT:
            continue
        codes = _code_table(declared) if declared.codes else ()
        for name, label in declared.columns.items():
            value = (told.get(name) or order_lines.column_of(declared, name)).of_rows
            if name in _CODES:
                value = _recoded(value, _CODES[name])
            yield SheetColumn(name, label, value, declared.datum, codes)


def _recoded(value, codes):
    def of_request(p, r, s):
        text = value(p, r, s)
        return codes.get(text, text)

    return of_request


def _code_table(declared):
    codes = _CODES.get(declared.name, {})
    table = {codes.get(value, value): label for value, label in declared.codes.choices}
    return tuple((table | ({"99": "其他"} if codes else {})).items())


def photo_name(card_request):
    """The name of the picture in the file, by the ID number; "" for somebody without one.

    Children under a certain age need none.
    """
    particulars = card_request.particulars
    if not particulars.portrait:
        return ""
    number = particulars.id_number
    return f"{number if _PLAIN.fullmatch(number) else card_request.reference}.jpg"


# What is not a declared field, with the headings that the centre's form uses.
_OTHERS = {
    "city_code": "行政区划代码",
    "bank_code": "银行编号",
    "photo": "照片文件",
    "guardian_name": "监护人姓名",
    "guardian_id_type": "监护人证件类型",
    "guardian_id_number": "监护人证件号码",
    "guardian_relation": "监护关系",
    "guardian_sex": "监护人性别",
    "guardian_phone": "监护人联系电话",
    "guardian_proof": "监护证件类型",
    "delivery": "领卡方式",
    "recipient": "邮寄收卡人",
    "recipient_phone": "收卡人手机",
    "recipient_province": "收件省",
    "recipient_city": "收件市",
    "recipient_county": "收件区县",
    "recipient_address": "收件地址",
    "recipient_postcode": "邮编",
    "branch": "银行网点",
    "replacement_reason": "补换卡原因",
    "old_card_number": "旧卡卡号",
    "channel": "系统类别",
    "operator": "经办人",
    "reference": "业务受理编号",
}
# The portal does not ask for these; a form that has such a column gets it empty.
_NOT_ASKED = {
    "issuing_authority": "发证机关",
    "birth_certificate": "出生证编号",
    "guardian_valid_from": "监护人证件起始日期",
    "guardian_valid_until": "监护人证件终止日期",
    "guardian_authority": "监护人发证机关",
    "branch_code": "银行网点编号",
}
_OWN: dict[str, Callable[[Any, Any, Any], str]] = {
    "city_code": lambda p, r, s: r.city.code,
    "bank_code": lambda p, r, s: r.bank.code,
    "photo": lambda p, r, s: photo_name(r),
    "guardian_sex": lambda p, r, s: p.guardian.sex if p.guardian else "",
    "guardian_phone": lambda p, r, s: p.guardian.phone if p.guardian else "",
    "guardian_proof": lambda p, r, s: r.proof_kind,
    # The centre's column is free text, and has no code table.
    "replacement_reason": lambda p, r, s: r.get_replacement_reason_display(),
    "channel": lambda p, r, s: BY_A_UNIT,
    "operator": lambda p, r, s: r.operator,
    "reference": lambda p, r, s: r.reference,
}
# Datum and code table.
_MORE: dict[str, tuple] = {
    "guardian_name": ("guardian",),
    "guardian_id_number": ("id_number",),
    "guardian_relation": ("", (("1", "父子"), ("2", "父女"), ("3", "母子"), ("4", "母女"))),
    "guardian_phone": ("phone",),
    "guardian_proof": ("", (("1", "户口簿"), ("2", "出生医学证明"))),
    "delivery": ("", (("1", "邮寄"), ("0", "自取"), ("2", "单位统一领取"))),
    "recipient": ("recipient",),
    "recipient_phone": ("phone",),
    "recipient_address": ("street",),
    "old_card_number": ("card_number",),
    "channel": ("", ((BY_A_UNIT, "单位端"),)),
}


def whom(receiver, *, is_new, at):
    """The requests that a file for the bureau `receiver` lists as of the moment `at`.

    With `is_new` without those that were reported before, unless they were approved anew since.
    """
    found = CardRequest.objects.filter(of_bureau(receiver), status__in=LISTED)
    found = found.filter(status_since__lte=at, particulars__forgotten_at=None)
    if not is_new:
        return found
    reported = Export.objects.reported(receiver, at)
    told = ExportedRequest.objects.filter(card_request=OuterRef("pk"), export__in=reported)
    since = told.filter(export__created_at__gte=OuterRef("status_since"))
    return found.exclude(Exists(since) | (~Q(status=RequestStatus.APPROVED) & Exists(told)))


def chunks(requests, *, operator):
    """Lists of `requests` with all that the columns ask for, in the order of their keys."""
    requests = requests.select_related(*_RELATED).order_by("pk")
    chunk = list(requests[:CHUNK])
    while chunk:
        proofs = _proofs(chunk)
        for card_request in chunk:
            key = (card_request.particulars.guardian_id, card_request.holder_id)
            card_request.proof_kind = proofs.get(key, "")
            card_request.operator = operator
        yield chunk
        chunk = list(requests.filter(pk__gt=chunk[-1].pk)[:CHUNK])


_RELATED = (
    "holder",
    "city",
    "bank",
    "old_card",
    "particulars__guardian",
    "shipment__province",
    "shipment__city",
    "shipment__county",
)


def _proofs(chunk):
    wards = [each.holder_id for each in chunk if each.particulars.guardian_id]
    confirmed = Guardianship.objects.confirmed().filter(ward__in=wards)
    return {(each.guardian_id, each.ward_id): each.proof_kind for each in confirmed}


def row(card_request, chosen):
    """The texts of the columns `chosen` (`SheetColumn`s)."""
    particulars = card_request.particulars
    shipment = getattr(card_request, "shipment", None)
    values = (str(column.value(particulars, card_request, shipment) or "") for column in chosen)
    return [
        shown_at(value, f"sheet.{column.datum}") if column.datum else value
        for column, value in zip(chosen, values, strict=True)
    ]
