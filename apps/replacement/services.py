"""正式挂失 from the declaration to its end, and the beginning of a replacement.

apps/review makes sure that a reviewer decides on what the page showed.
"""

from django.db import IntegrityError, transaction

from apps.cards.enums import CardAction, ReplacementReason, RequestKind, RequestStatus
from apps.cards.models import Card, CardRequest
from apps.cards.permissions import check_is_reviewer, role_of
from apps.cards.policies import check_is_no_party
from apps.common.addresses import row_url
from apps.common.moments import day_of
from apps.common.refusals import check_reason
from apps.events.enums import Channel, Role
from apps.handout import standing as unit
from apps.lifecycle import engine
from apps.lifecycle.refusals import NotAllowed
from apps.people.consents import CARD_KINDS
from apps.people.services import has_consented, record_consent
from apps.queries.prepared import PreparedQuery
from apps.regions.enums import Service
from apps.regions.wording import asks_both_openness
from apps.replacement import pages
from apps.replacement.enums import FormalLossAction
from apps.replacement.models import FormalLoss
from apps.replacement.policies import (
    check_begun,
    check_card_replaceable,
    check_declarable,
    check_terms,
    check_withdrawable,
    declared_already,
)
from apps.replacement.refusals import FormalLossRefused
from apps.requests import registry
from apps.requests import services as requests
from apps.requests.models import Particulars


@transaction.atomic
def declare(*, card, lost_date, place, receipt_number, by, at, reason=ReplacementReason.LOST):
    """登记正式挂失. The person has declared that it is true. Returns the `FormalLoss`.

    `reason` is why a new card will be needed. Only of a card that was lost is it asked where.

    The card stays as it is until a reviewer has confirmed. Raises `NotYours`, `FormalLossRefused`.
    """
    role = role_of(by, card.holder, at=at)
    check_declarable(card=card, at=at)
    loss = FormalLoss(
        card=card,
        reason=reason,
        lost_date=lost_date,
        place=place,
        receipt_number=receipt_number,
        is_sworn=True,
        declared_at=at,
        declared_by=by,
    )
    try:
        engine.begin(
            loss,
            FormalLossAction.DECLARE,
            by=by,
            role=role,
            at=at,
            channel=Channel.WEB,
            facts={"card": card.reference},
        )
    except IntegrityError as error:
        first = FormalLoss.objects.open().filter(card=card).first()
        raise declared_already(card, first) from error
    return loss


@transaction.atomic
def take_back(*, loss, by, at, shown=None):
    """撤回登记 while nobody has decided.

    `shown` is the hidden field of the page with the button; None if there was no page. Raises
    `NotYours`, `NotAsShown`, `FormalLossRefused`.
    """
    role = role_of(by, loss.card.holder, at=at)
    if shown is not None:
        pages.DECLARATION.check(shown, loss)
    reason = "登记人撤回登记"
    _decide(loss, FormalLossAction.TAKE_BACK, by=by, role=role, at=at, reason=reason)


@transaction.atomic
def confirm(*, loss, by, at):
    """确认正式挂失: the card is stopped; a suspension that runs ends with it.

    Raises `MayNotReview`, `FormalLossRefused`, and `NotAllowed` when the card cannot be stopped.
    """
    _check_may_decide(by, loss)
    _review(loss, FormalLossAction.CONFIRM, by=by, at=at)
    _move_card(loss, CardAction.CONFIRM_LOSS, by=by, at=at)


@transaction.atomic
def refuse(*, loss, reason, by, at):
    """不确认, with a reason that the holder reads. Raises `MayNotReview`, `FormalLossRefused`."""
    _check_may_decide(by, loss)
    check_reason(reason, "请写明为什么不确认，登记人会看到这段话。", refused=FormalLossRefused)
    _review(loss, FormalLossAction.REFUSE, by=by, at=at, reason=reason.strip())


@transaction.atomic
def withdraw(*, loss, reason, by, at):
    """撤销正式挂失: the card is usable again. Only while no replacement is requested.

    Raises `MayNotReview`, `FormalLossRefused`, and `NotAllowed` when the card is not lost.
    """
    _check_may_decide(by, loss)
    check_reason(
        reason, "请写明撤销正式挂失的原因，持卡人会看到这段话。", refused=FormalLossRefused
    )
    # Beginning or submitting a replacement locks the row of the card as well.
    Card.held(loss.card_id)
    check_withdrawable(card=loss.card)
    _review(loss, FormalLossAction.WITHDRAW, by=by, at=at, reason=reason.strip())
    _move_card(loss, CardAction.WITHDRAW_LOSS, by=by, at=at, reason=reason.strip())


def _check_may_decide(user, loss):
    check_is_reviewer(user)
    check_is_no_party(user, loss)


def _review(loss, action, *, by, at, reason=""):
    return _decide(loss, action, by=by, role=Role.REVIEWER, at=at, reason=reason)


def _decide(loss, action, *, by, role, at, reason):
    """Move `loss`. If two callers do this at once, the second is told the present status."""
    try:
        return engine.move(
            loss,
            action,
            by=by,
            role=role,
            at=at,
            channel=Channel.ADMIN if role == Role.REVIEWER else Channel.WEB,
            reason=reason,
            facts={"card": loss.card.reference},
            decision_reason=reason,
        )
    except NotAllowed as refusal:
        raise FormalLossRefused(
            f"这件正式挂失已经办理过，现在是「{loss.get_status_display()}」。"
            "请刷新页面，查看最新状态。",
            code="decided",
            row=loss,
        ) from refusal


def _move_card(loss, action, *, by, at, reason=""):
    loss.card = Card.held(loss.card_id)
    details = {"by": by, "role": Role.REVIEWER, "at": at, "channel": Channel.ADMIN}
    engine.move(loss.card, action, reason=reason, **details)


def has_agreed(*, user):
    """Whether `user` agreed, as the holder, to the present version of every text."""
    return has_consented(user=user, holder=user.holder, kinds=CARD_KINDS)


@transaction.atomic
def start(*, card, reason, city, bank, ip, by, at, shown=""):
    """选择补换原因: open the draft, or go on with it. Returns the request.

    The consents were ticked, or given before; `shown` is the hidden field of the page. Raises
    `NotYours`, `NotReplaceable`, `DuplicateRequest`, and `NotAsShown` when another window has
    chosen something else.
    """
    draft = open_draft(card=card, reason=reason, city=city, bank=bank, shown=shown, by=by, at=at)
    if not has_agreed(user=by):
        record_consent(user=by, holder=by.holder, kinds=CARD_KINDS, ip=ip, at=at)
    return draft


@transaction.atomic
def open_draft(*, card, reason, city, bank, by, at, shown=""):
    """The draft that replaces `card`: a new one, or the one begun before, on these terms.

    Raises as `start`.
    """
    card = _locked(card.pk)
    check_card_replaceable(card, loss=FormalLoss.objects.open_of(card), at=at)
    check_terms(card=card, reason=reason, city=city, bank=bank, at=at)
    draft = CardRequest.objects.in_flight().filter(holder=card.holder_id).first()
    if draft is None:
        draft = requests.open_draft(
            holder=card.holder,
            city=city,
            bank=bank,
            by=by,
            at=at,
            kind=RequestKind.REPLACEMENT,
            old_card=card,
            reason=reason,
        )
        values = _known_from(card, at=at)
        requests.save_draft(card_request=draft, values=values, by=by, at=at)
        return draft
    if draft.status != RequestStatus.DRAFT or draft.old_card_id != card.pk:
        raise requests.DuplicateRequest(
            f"您已有一件在办的{draft.matter}，现在是「{unit.stage_of(draft, at=at)}」。"
            "同一时间只能办一件。",
            code="duplicate",
            next_step=("查看这件申请", draft.get_absolute_url()),
            row=draft,
        )
    requests.change_destination(
        card_request=draft, city=city, bank=bank, reason=reason, shown=shown, by=by, at=at
    )
    return draft


def check_again(*, card_request, at):
    """Judge a replacement once more, at its submission. Raises `NotReplaceable`.

    Whoever submits has locked the row of the old card. Pages that ask beforehand lock nothing.
    """
    card = _OLD_CARD.first(card=card_request.old_card_id)
    check_begun(card, loss=_OPEN_LOSS.first(card=card.pk), at=at)
    check_terms(
        card=card,
        reason=card_request.replacement_reason,
        city=card_request.city,
        bank=card_request.bank,
        at=at,
        elsewhere=(
            "更改补换原因、地区或银行",
            row_url("replacement:start", card.reference),
        ),
    )


def asks_again(*, card_request):
    """What `check_again` asks for, to be read together with others."""
    place = {"city": card_request.city_id, "bank": card_request.bank_id}
    return [
        _OLD_CARD.asks(card=card_request.old_card_id),
        _OPEN_LOSS.asks(card=card_request.old_card_id),
        asks_both_openness(**place, service=Service.REPLACE),
    ]


_CARDS = Card.objects.select_related("holder", "city", "bank")
_OLD_CARD = PreparedQuery(lambda card: _CARDS.filter(pk=card), card=Card)
_OPEN_LOSS = PreparedQuery(lambda card: FormalLoss.objects.open().filter(card=card), card=Card)


def _locked(pk):
    return _CARDS.select_for_update(of=("self",)).get(pk=pk)


def _known_from(card, *, at):
    """The values of the request for the old card that are still valid, as initial values."""
    old = Particulars.objects.filter(card_request__card=card).first()
    if old is None:
        return {}
    today = day_of(at)
    values: dict[str, object] = {}
    for declared in registry.on_form():
        if declared.still_holds is not None and declared.still_holds(old, today):
            values |= declared.values(old)
    return values
