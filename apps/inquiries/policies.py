"""When an applicant may ask the desk to change a request."""

from django.conf import settings

from apps.cards.enums import RequestStatus
from apps.common.refusals import Refused
from apps.inquiries.models import Inquiry
from apps.requests import registry

# Approved, and not in the applicant's hands yet: only the desk can still do something.
BEYOND_REVIEW = (RequestStatus.APPROVED, RequestStatus.PRODUCED, RequestStatus.DISPATCHED)


def is_beyond_payment(card_request):
    """Whether `card_request` is in review or beyond it, and not in the applicant's hands yet."""
    return card_request.status in (RequestStatus.ACCEPTED, *BEYOND_REVIEW)


def check_askable(card_request, *, is_read, has_open):
    """Raise `Refused` unless the desk can be asked to change `card_request`.

    `is_read` says whether a reviewer reads it now, `has_open` whether a question waits already.
    """
    status = card_request.status
    if status not in BEYOND_REVIEW and not (status == RequestStatus.ACCEPTED and is_read):
        raise Refused(
            f"这件申请现在是「{card_request.get_status_display()}」，不用请人事处修改。",
            code="not_askable",
            next_step=("查看制卡进度", card_request.get_absolute_url()),
        )
    if has_open:
        raise Refused(
            f"已经请人事处修改这件申请，还在等待答复。有急事请联系{settings.PORTAL_OPERATOR['contact']}。",
            code="asked_already",
            next_step=("查看制卡进度", card_request.get_absolute_url()),
        )


class Unanswered(Refused):
    """The applicant asked the desk for a change and has no answer yet."""


def check_answered(card_request):
    """Raise `Unanswered` while a question about `card_request` waits for its answer."""
    if Inquiry.objects.of(card_request).open().exists():
        raise Unanswered(
            "申请人请求修改，还没有答复。请先答复，或退回修改，再作决定。", code="unanswered"
        )


def labels(fields):
    """The labels of the names `fields`, as people read them."""
    return "、".join(registry.get(name).label for name in fields)
