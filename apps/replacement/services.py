"""正式挂失 from the declaration to its end, and the beginning of a replacement.

That a reviewer decides on what was really seen is the matter of apps/review.
"""

from django.db import IntegrityError, transaction
from django.urls import reverse

from apps.cards.enums import REQUEST_ENDED_WITHOUT_CARD, CardAction, CardStatus
from apps.cards.models import Card, CardRequest
from apps.cards.permissions import check_is_no_party, check_is_reviewer, role_of
from apps.events.enums import Channel, Role
from apps.lifecycle import engine
from apps.people.consents import CARD_KINDS
from apps.people.services import has_consented, record_consent
from apps.replacement import announcements
from apps.replacement.models import FormalLoss
from apps.replacement.refusals import FormalLossRefused
from apps.requests import replacing
from apps.verification import services as verification
from apps.verification.enums import Purpose

_DECIDED = "这件正式挂失已经办理过，现在是「{}」。请刷新页面，查看最新状态。"


def check_declarable(*, card, at):
    """Raise `FormalLossRefused` unless the formal loss of `card` can be declared at `at`."""
    match card.status_at(at):
        case CardStatus.SEALED:
            raise FormalLossRefused(
                "这张社保卡还没有启用，本来就不能用于结算，不能办理正式挂失。"
                "卡没有收到或已丢失的，请联系人事处社保窗口。",
                code="sealed",
            )
        case CardStatus.LOST:
            raise FormalLossRefused(
                "这张社保卡已经正式挂失，不用再办。",
                code="lost",
                next_step=("申请补换", reverse("replacement:start", args=[card.reference])),
            )
        case CardStatus.RETIRED:
            raise FormalLossRefused(
                "这张社保卡已经注销，不能使用，不用再办正式挂失。", code="retired"
            )
    if FormalLoss.objects.open().filter(card=card).exists():
        raise _declared_already(card)


def _declared_already(card):
    return FormalLossRefused(
        "这张社保卡的正式挂失已经登记，正在等待确认，不用再登记。",
        code="declared",
        next_step=("查看登记", reverse("replacement:loss", args=[card.reference])),
    )


@transaction.atomic
def declare(*, card, lost_date, place, receipt_number, by, at):
    """登记正式挂失; the declaration that it is true was made. Returns the `FormalLoss`.

    The card stays as it is until a reviewer has confirmed. Raises `NotYours`, `FormalLossRefused`.
    """
    role_of(by, card.holder, at=at)
    check_declarable(card=card, at=at)
    try:
        with transaction.atomic():
            return FormalLoss.objects.create(
                card=card,
                lost_date=lost_date,
                place=place,
                receipt_number=receipt_number,
                is_sworn=True,
                declared_at=at,
                declared_by=by,
            )
    except IntegrityError as error:
        raise _declared_already(card) from error


@transaction.atomic
def take_back(*, loss, by, at):
    """撤回登记 while nobody has decided. Raises `NotYours`, `FormalLossRefused`."""
    role_of(by, loss.card.holder, at=at)
    _decide(loss, withdrawn_at=at, withdrawn_by=by, withdrawal_reason="登记人撤回登记")


@transaction.atomic
def confirm(*, loss, by, at):
    """确认正式挂失: the card is stopped; a suspension that runs ends with it.

    Raises `MayNotReview`, `FormalLossRefused`, and `NotAllowed` when the card cannot be stopped.
    """
    _check_may_decide(by, loss)
    _decide(loss, confirmed_at=at, confirmed_by=by)
    event = _move(loss, CardAction.CONFIRM_LOSS, by=by, at=at)
    announcements.confirmed(loss, event, at=at)


@transaction.atomic
def refuse(*, loss, reason, by, at):
    """不予确认, with a reason that the holder reads. Raises `MayNotReview`, `FormalLossRefused`."""
    _check_may_decide(by, loss)
    _check_reason(reason, "请写明不予确认的原因，登记人会看到这段话。")
    _decide(loss, refused_at=at, refused_by=by, refusal_reason=reason.strip())
    announcements.refused(loss, at=at)


@transaction.atomic
def withdraw(*, loss, reason, by, at):
    """撤销正式挂失: the card is usable again. Only while no replacement is requested.

    Raises `MayNotReview`, `FormalLossRefused`, and `NotAllowed` when the card is not lost.
    """
    _check_may_decide(by, loss)
    _check_reason(reason, "请写明撤销正式挂失的原因，持卡人会看到这段话。")
    # The row of the card is taken by whoever begins or submits a replacement, too.
    Card.objects.select_for_update().get(pk=loss.card_id)
    check_withdrawable(card=loss.card)
    taken = (
        FormalLoss.objects.open()
        .filter(pk=loss.pk, confirmed_at__isnull=False)
        .update(withdrawn_at=at, withdrawn_by=by, withdrawal_reason=reason.strip())
    )
    if not taken:
        loss.refresh_from_db()
        raise FormalLossRefused(_DECIDED.format(loss.state.label), code="decided")
    event = _move(loss, CardAction.WITHDRAW_LOSS, by=by, at=at, reason=reason.strip())
    loss.refresh_from_db()
    announcements.withdrawn(loss, event, at=at)


def check_withdrawable(*, card):
    """Raise `FormalLossRefused` when a replacement of `card` is under way or done."""
    request = (
        CardRequest.objects.filter(old_card=card)
        .exclude(status__in=REQUEST_ENDED_WITHOUT_CARD)
        .first()
    )
    if request is not None:
        raise FormalLossRefused(
            f"持卡人已经申请{request.matter}（业务受理编号 {request.reference}，"
            f"「{request.get_status_display()}」），正式挂失不能再撤销。"
            "补换申请在缴费前由持卡人撤销以后，才能撤销正式挂失。",
            code="replacement_requested",
        )


def _check_may_decide(user, loss):
    check_is_reviewer(user)
    check_is_no_party(user, loss.card.holder)


def _check_reason(reason, message):
    if not reason.strip():
        raise FormalLossRefused(message, code="no_reason")


def _decide(loss, **values):
    """End the waiting of `loss`, once: of two contestants one wins."""
    taken = FormalLoss.objects.waiting().filter(pk=loss.pk).update(**values)
    loss.refresh_from_db()
    if not taken:
        raise FormalLossRefused(_DECIDED.format(loss.state.label), code="decided")


def _move(loss, action, *, by, at, reason=""):
    card = Card.objects.select_for_update().get(pk=loss.card_id)
    loss.card = card
    return engine.move(
        card, action, by=by, role=Role.REVIEWER, at=at, channel=Channel.ADMIN, reason=reason
    )


def has_agreed(*, user):
    """Whether `user` agreed, as the holder, to the present version of every text."""
    return has_consented(user=user, holder=user.holder, kinds=CARD_KINDS)


@transaction.atomic
def start(*, card, reason, city, bank, ip, by, at):
    """选择补换原因: open the draft, or go on with it, and begin the identity check.

    The consents were ticked, or given before. Returns the `Check`. Raises `NotYours`,
    `NotReplaceable`, `DuplicateRequest`.
    """
    draft = replacing.open_draft(card=card, reason=reason, city=city, bank=bank, by=by, at=at)
    if not has_agreed(user=by):
        record_consent(user=by, holder=by.holder, kinds=CARD_KINDS, ip=ip, at=at)
    return verification.begin(
        holder=draft.holder,
        by=by,
        purpose=Purpose.REPLACE,
        request=draft,
        next_url=reverse("application:form", args=[draft.reference]),
        at=at,
    )
