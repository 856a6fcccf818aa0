"""The applicant asks the desk to change a request, and the desk answers."""

from django.db import IntegrityError, transaction

from apps.cards.models import CardRequest
from apps.cards.permissions import role_of
from apps.cards.policies import check_may_review
from apps.common.refusals import check_reason
from apps.events.enums import Channel, Role
from apps.inquiries.enums import InquiryAction, InquiryStatus
from apps.inquiries.models import Inquiry
from apps.inquiries.policies import check_askable
from apps.lifecycle import engine
from apps.requests.policies import check_fields, under_review


@transaction.atomic
def ask(*, card_request, fields, text, by, at):
    """Ask the desk to change `fields` of `card_request`; `text` says what is wrong.

    Returns the `Inquiry`. Raises `NotYours`, and `Refused` when the applicant can still change it
    alone, when a question waits already, or when no field or no text is given.
    """
    role = role_of(by, card_request.holder, at=at)
    check_fields(fields)
    check_reason(text, "请写明哪里不对、应该是什么。")
    row = CardRequest.held(card_request.pk)
    check_askable(
        row,
        is_read=row.pk in under_review([row], at=at),
        has_open=Inquiry.objects.of(row).open().exists(),
    )
    inquiry = Inquiry(
        card_request=row, fields=list(fields), text=text.strip(), asked_at=at, asked_by=by
    )
    try:
        with transaction.atomic():
            engine.begin(
                inquiry,
                InquiryAction.ASK,
                by=by,
                role=role,
                at=at,
                channel=Channel.WEB,
                facts={"fields": list(fields)},
            )
    except IntegrityError:
        # The same click in another tab came first.
        check_askable(row, is_read=True, has_open=True)
    return inquiry


@transaction.atomic
def answer(*, inquiry, text, by, at):
    """Answer `inquiry`, so that the applicant hears. Raises `MayNotReview`, `NotAllowed`,
    `Overtaken`, and `Refused` for an empty answer.
    """
    check_may_review(by, inquiry.card_request)
    check_reason(text, "请写明答复，申请人会看到这段话。")
    engine.move(
        inquiry,
        InquiryAction.ANSWER,
        by=by,
        role=Role.REVIEWER,
        at=at,
        channel=Channel.ADMIN,
        facts={"request": inquiry.card_request.reference},
        answer=text.strip(),
        answered_at=at,
        answered_by=by,
    )


def reopen(*, requests, by, at):
    """Reopen the inquiries that decisions, now recalled, had settled.

    `requests` is {pk of a request: when the decision was made}. Call it in the transaction of the
    recall.
    """
    settled = Inquiry.objects.filter(card_request__in=requests, status=InquiryStatus.SETTLED)
    for inquiry in settled.order_by("pk"):
        if inquiry.status_since >= requests[inquiry.card_request_id]:
            engine.move(
                inquiry,
                InquiryAction.REOPEN,
                by=by,
                role=Role.REVIEWER,
                at=at,
                channel=Channel.ADMIN,
            )
