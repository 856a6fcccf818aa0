"""What the applicant may do: begin an 申领, and go on with a request until it is paid or amended.

The pages of this matter are used for every request, also for a replacement.
"""

from functools import partial

from apps.application import eligibility
from apps.application.policies import (
    check_amendable,
    check_discardable,
    check_fillable,
    check_not_withdrawn,
    check_withdrawable,
)
from apps.cards.enums import RequestAction
from apps.cards.lifecycle import REQUEST
from apps.cards.models import Card, CardRequest
from apps.cards.permissions import role_of_visible
from apps.common.addresses import page_url, row_url
from apps.delivery import policies as delivery
from apps.delivery.models import shipment_at
from apps.events.enums import Role
from apps.inquiries.enums import InquiryAction
from apps.inquiries.models import Inquiry
from apps.inquiries.policies import check_askable, is_beyond_payment
from apps.lifecycle.offers import Offer, Offers, offer, offer_to_begin, offer_without_move
from apps.payments.offers import to_pay
from apps.people.services import withdrawn_kinds
from apps.requests.policies import (
    check_own_draft,
    check_reopenable,
    check_resumable,
    under_review,
)
from apps.requests.services import why_not_submittable

BEGIN = RequestAction.SAVE
FILL_IN = RequestAction.SUBMIT
SHIP = "SHIP"  # says where the card goes; moves nothing
AMEND = RequestAction.AMEND
REOPEN = RequestAction.REOPEN
ASK = InquiryAction.ASK
WITHDRAW = RequestAction.WITHDRAW
DISCARD = RequestAction.DISCARD

# The relations that the offers of a request read. Select them along.
RELATED = ("holder", "rule", "shipment")


def offers(card_request, *, by, at) -> Offers:
    """The offers of `card_request` for `by`, who sees it (`visible_to`). Select `RELATED` along."""
    return offers_to(role_of_visible(by, card_request.holder), card_request, at=at)


def offers_to(role, card_request, *, at) -> Offers:
    """The offers of `card_request` for `role`. Costs no query."""

    def page(name):
        return row_url(f"application:{name}", card_request.reference)

    moved = partial(offer, card_request, role=role, at=at)
    has_address = shipment_at(card_request, at) is not None
    begins_anew = card_request.begins_anew(at)
    return Offers(
        [
            moved(
                FILL_IN,
                words="由本人申领" if begins_anew else "继续填写",
                url=page_url("application:guide") if begins_anew else page("form"),
                checks=(partial(check_fillable, card_request),),
                is_main=True,
            ),
            moved(
                DISCARD,
                words="放弃草稿",
                url=page("discard"),
                checks=(partial(check_discardable, card_request),),
            ),
            moved(
                AMEND,
                words="修改信息",
                url=page("amend"),
                checks=(partial(check_amendable, card_request),),
                is_main=True,
            ),
            offer_without_move(
                SHIP,
                words="修改收件信息" if has_address else "去补充收件信息",
                url=page("shipping"),
                checks=(partial(delivery.check_open, card_request=card_request),),
                is_main=not has_address and not delivery.is_settled(card_request),
            ),
            to_pay(card_request, url=page("shipping"), role=role, at=at),
            moved(
                WITHDRAW,
                words="撤销申请",
                url=page("withdraw"),
                checks=(partial(check_withdrawable, card_request),),
            ),
        ]
    )


def changes_of(requests, *, by, at) -> dict[int, Offers]:
    """Request pk → how its applicant can change what is found wrong: alone, or through the desk.

    `by` sees the requests (`visible_to`). Select `holder` along. Two queries for all, none where
    nothing is in review or beyond it.
    """
    paid = [card_request for card_request in requests if is_beyond_payment(card_request)]
    read = under_review(paid, at=at)
    asked = set(
        Inquiry.objects.open().filter(card_request__in=paid).values_list("card_request", flat=True)
    )
    return {
        card_request.pk: changes(
            card_request,
            by=by,
            read=read.get(card_request.pk),
            has_open=card_request.pk in asked,
            at=at,
        )
        for card_request in requests
    }


def changes(card_request, *, by, read, has_open, at) -> Offers:
    """`changes_of` one request, where the rest is known. Costs no query.

    `read` is what `under_review` found for it, or None; `has_open` whether a question waits.
    """
    role = role_of_visible(by, card_request.holder)
    return Offers(
        [
            offer(
                card_request,
                REOPEN,
                words="修改信息",
                url=row_url("application:reopen", card_request.reference),
                role=role,
                at=at,
                checks=(partial(check_reopenable, card_request, read=read),),
                hint="审核还没有开始，可以取回来自己改。",
            ),
            offer_without_move(
                ASK,
                words="请人事处修改",
                url=row_url("application:ask", card_request.reference),
                checks=(
                    partial(
                        check_askable, card_request, is_read=read is not None, has_open=has_open
                    ),
                ),
                hint="审核或制卡已经开始，请写明要改什么，人事处会答复您。",
            ),
        ]
    )


def to_resume(card_request, amendment, *, by, at) -> Offer:
    """The offer to give `card_request` back to the review without changes."""
    return offer(
        card_request,
        RequestAction.RESUME,
        words="不修改了，继续审核",
        url=row_url("application:resume", card_request.reference),
        role=role_of_visible(by, card_request.holder),
        at=at,
        checks=(partial(check_resumable, amendment),),
        is_post=True,
    )


def to_submit(card_request, *, by, at) -> Offer:
    """The offer to submit `card_request`, for the page on which its applicant checks it."""
    role = role_of_visible(by, card_request.holder)
    withdrawn = withdrawn_kinds(user=by, holder=card_request.holder)
    return offer(
        card_request,
        RequestAction.SUBMIT,
        words="我已确认以上信息，并提交",
        url=row_url("application:confirm", card_request.reference),
        role=role,
        at=at,
        checks=(
            partial(check_fillable, card_request),
            partial(check_own_draft, card_request, at=at),
            partial(check_not_withdrawn, card_request, withdrawn, at=at),
            partial(_check_submittable, card_request, at=at),
        ),
        is_main=True,
        is_post=True,
    )


def _check_submittable(card_request, *, at):
    """Raise what the submission itself would raise now, of the city and the bank for example."""
    refusal = why_not_submittable(card_request=card_request, at=at)
    if refusal is not None:
        raise refusal


def to_begin_for(holders, *, by, at) -> dict[int, Offer]:
    """Holder pk → the offer to begin an 申领 for each of `holders`: two queries for all.

    `by` sees the holders (`visible_to`).
    """
    cards: dict[int, list[Card]] = {}
    for card in Card.objects.filter(holder__in=holders):
        cards.setdefault(card.holder_id, []).append(card)
    in_flight = CardRequest.objects.in_flight().filter(holder__in=holders)
    running = {
        card_request.holder_id: card_request for card_request in in_flight.select_related(*RELATED)
    }
    return {
        holder.pk: to_begin(
            holder,
            by=by,
            cards=cards.get(holder.pk, []),
            running=running.get(holder.pk),
            at=at,
        )
        for holder in holders
    }


def to_begin(holder, *, by, cards, running, at) -> Offer:
    """The offer to begin an 申领 for `holder`, to `by`, who sees the holder. No query.

    `cards` are all cards of the holder, `running` the request in flight, or None. While a request
    is in flight the offer is closed, and its next step leads to that request.
    """
    role = role_of_visible(by, holder)
    is_own = role == Role.HOLDER
    return offer_to_begin(
        REQUEST,
        BEGIN,
        words="去申领" if is_own else "代办申领",
        hint="首次申领免费，线上填写，邮寄到家。",
        url=page_url("application:guide")
        if is_own
        else row_url("application:child_agreement", holder.reference),
        role=role,
        checks=(partial(_check_eligible, holder, by, cards, running, at=at),),
        is_main=True,
    )


def _check_eligible(holder, by, cards, running, *, at):
    """Raise what the precheck would raise, in the words for somebody who has not applied."""
    role = role_of_visible(by, holder)
    try:
        if role == Role.HOLDER:
            eligibility.check_old_enough(holder.birth_date, at=at, is_asked_by_parent=False)
        else:
            eligibility.check_employed(by.holder)
        eligibility.check_person(holder, at=at)
        _check_none_running(holder, running, role, at=at)
        eligibility.check_held(holder, {card.status_at(at) for card in cards}, at=at)
    except eligibility.NotEligible as refusal:
        raise refusal.unasked() from None


def _check_none_running(holder, running, role, *, at):
    if running is None or running.begins_anew(at):
        return
    main = offers_to(role, running, at=at).main
    next_step = (main.words, main.url) if main else ("查看制卡进度", running.get_absolute_url())
    refusal = eligibility.duplicate(running, holder, next_step=next_step, at=at)
    refusal.main = main
    raise refusal


def to_begin_oneself(user, *, at) -> Offer:
    """The offer to begin an 申领 for oneself. Closed if the roster lacks the user."""
    holder = getattr(user, "holder", None)
    if holder is not None:
        return to_begin_for([holder], by=user, at=at)[holder.pk]
    refusal = eligibility.unknown_person().unasked()
    return Offer(BEGIN, "去申领", page_url("application:guide"), refusal=refusal)
