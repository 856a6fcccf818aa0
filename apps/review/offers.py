"""What a reviewer may do with a request now: decide on it, or take a decision back."""

from functools import partial

from apps.cards.enums import RequestAction, RequestStatus
from apps.cards.lifecycle import RECALLABLE
from apps.common.addresses import row_url
from apps.desk.claims.policies import check_held, open_decisions
from apps.events.enums import Role
from apps.inquiries.enums import InquiryAction
from apps.lifecycle import engine
from apps.lifecycle.offers import Offer, Offers, known, offer
from apps.recall.policies import check_recallable
from apps.recall.wording import RECALL_WORDS

_WORDS = {
    RequestAction.APPROVE: "审核通过",
    RequestAction.REQUEST_AMENDMENT: "请申请人修改",
    RequestAction.REJECT: "审核不通过",
}


def decisions(
    card_request, hold, *, by, at, second=None, unanswered=None, is_typed=False
) -> Offers:
    """The decisions that the table has for the status of `card_request`; none when it is over.

    `hold` is the `Hold` of `by`; `second` is the reason why `by` may not give the second approval,
    or None; `unanswered` is why it cannot be approved before the applicant is answered, or None.
    `is_typed` says that a form was typed before the claim was lost: it may still be corrected and
    sent.
    """
    held = () if is_typed else (partial(check_held, hold.claim, by=by, at=at),)
    return Offers(
        offer(
            card_request,
            action,
            words=_WORDS[action],
            url=_url(card_request, action),
            role=Role.REVIEWER,
            at=at,
            checks=(
                known(hold.barred),
                *((known(second), known(unanswered)) if action == RequestAction.APPROVE else ()),
                *held,
            ),
            is_main=action == RequestAction.APPROVE,
            is_post=True,
        )
        for action in open_decisions(card_request, at=at)
    )


def recall(card_request, hold, *, at):
    """The `Offer` to take back the decision on `card_request`, or None in no such status."""
    if not engine.is_allowed(card_request, RequestAction.RECALL, role=Role.REVIEWER, at=at):
        return None
    return offer(
        card_request,
        RequestAction.RECALL,
        words=RECALL_WORDS[RECALLABLE[RequestStatus(card_request.status)]],
        url=_url(card_request, RequestAction.RECALL),
        role=Role.REVIEWER,
        at=at,
        checks=(known(hold.barred), partial(check_recallable, card_request, at=at)),
        is_post=True,
    )


def to_answer(inquiry, hold, *, at) -> Offer:
    """The `Offer` to answer the open `inquiry` of an applicant."""
    return offer(
        inquiry,
        InquiryAction.ANSWER,
        words="答复申请人",
        url=row_url("admin:cards_cardrequest_answer", inquiry.card_request.reference),
        role=Role.REVIEWER,
        at=at,
        checks=(known(hold.barred),),
        is_post=True,
    )


def _url(card_request, action):
    return row_url(f"admin:cards_cardrequest_{action.lower()}", card_request.reference)
