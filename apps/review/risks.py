"""Risks of a request. They are shown on top of its page, and exclude it from bulk approval.

They are computed when they are needed and not stored.
"""

from dataclasses import dataclass

from django.db.models import F

from apps.delivery.models import Shipment
from apps.inquiries.models import Inquiry
from apps.requests.models import Amendment, Particulars
from apps.verification.enums import CheckOutcome
from apps.verification.models import Check

GUARDIAN = "GUARDIAN"
UNCERTAIN_CHECK = "UNCERTAIN_CHECK"
PHONE_CHANGED = "PHONE_CHANGED"
OUTSIDE_PROVINCE = "OUTSIDE_PROVINCE"
CHANGED_AGAIN = "CHANGED_AGAIN"
ASKED = "ASKED"


@dataclass(frozen=True)
class Risk:
    """`label` is a short name for a tag or a filter, `text` what the reviewer should look at."""

    code: str
    label: str
    text: str


# In the order in which they are shown.
RISKS = {
    risk.code: risk
    for risk in (
        Risk(GUARDIAN, "监护人代办", "由监护人代办，请核对监护关系和证明材料"),
        Risk(UNCERTAIN_CHECK, "核验待判断", "身份核验相似度不确定，请对照照片判断"),
        Risk(PHONE_CHANGED, "手机号有变", "手机号与人事名册登记的不同"),
        Risk(OUTSIDE_PROVINCE, "寄往省外", "收件地址不在发卡地区的省内"),
        Risk(CHANGED_AGAIN, "自行修改过", "申请人取回修改过，请对照修改前后"),
        Risk(ASKED, "请求修改", "申请人请求修改，还没有答复"),
    )
}


def of(card_request):
    """The `Risk`s of one request, in the order of `RISKS`."""
    return for_requests([card_request])[card_request.pk]


def for_requests(requests):
    """Request pk → its list of `Risk`s, empty for one without any.

    `requests` is a queryset of CardRequest or a list of them. Five queries, whatever their number.
    The phone is encrypted, so it is compared here and cannot be a condition of a query.
    """
    found = {
        UNCERTAIN_CHECK: set(
            Check.objects.filter(
                card_request__in=requests, outcome=CheckOutcome.UNCERTAIN
            ).values_list("card_request", flat=True)
        ),
        OUTSIDE_PROVINCE: set(
            Shipment.objects.filter(card_request__in=requests, city__isnull=False)
            .exclude(city__province=F("card_request__city__province"))
            .values_list("card_request", flat=True)
        ),
        CHANGED_AGAIN: set(
            Amendment.objects.answered()
            .filter(card_request__in=requests, is_own=True)
            .values_list("card_request", flat=True)
        ),
        ASKED: set(
            Inquiry.objects.open()
            .filter(card_request__in=requests)
            .values_list("card_request", flat=True)
        ),
    }
    people = (
        Particulars.objects.filter(card_request__in=requests)
        .select_related("card_request__holder", "guardian")
        .only("phone", "guardian__phone", "card_request__holder__phone")
    )
    risks = {}
    for person in people:
        present = {code for code, pks in found.items() if person.card_request_id in pks}
        if person.guardian is not None:
            present.add(GUARDIAN)
        if _has_another_phone(person):
            present.add(PHONE_CHANGED)
        risks[person.card_request_id] = [risk for code, risk in RISKS.items() if code in present]
    return risks


def _has_another_phone(person):
    """Whether the phone differs from the roster; for a child, from the guardian's."""
    on_file = (person.guardian or person.card_request.holder).phone
    return bool(on_file and person.phone) and person.phone != on_file
