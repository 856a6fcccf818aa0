"""启用: a sealed card becomes a usable one, once, after an identity check."""

from django.db import transaction
from django.urls import reverse

from apps.activation.refusals import ActivationRefused
from apps.cards.enums import CardAction, CardStatus, RequestAction, RequestStatus
from apps.cards.permissions import role_of
from apps.common.moments import day_of
from apps.events.enums import Channel
from apps.lifecycle import engine
from apps.lifecycle.refusals import Overtaken
from apps.regions.enums import Service
from apps.regions.models import ServiceOpening
from apps.verification import services as verification
from apps.verification.enums import Purpose
from apps.verification.models import Check


def check_activatable(*, card, at):
    """Raise `ActivationRefused` unless `card` (with its request) can be activated at `at`."""
    match card.status_at(at):
        case CardStatus.ACTIVE:
            raise ActivationRefused("这张社保卡已经启用，可以正常使用，不用再办。", code="active")
        case CardStatus.SUSPENDED:
            raise ActivationRefused(
                "这张社保卡以前已经启用，现在正在临时挂失。找到卡后请解除挂失，不用再启用。",
                code="suspended",
                next_step=("去解除挂失", reverse("loss_report:detail", args=[card.reference])),
            )
        case CardStatus.LOST:
            raise ActivationRefused(
                "这张社保卡已经正式挂失，不能启用。请申请补换，收到新卡后启用新卡。",
                code="lost",
                next_step=("去申请补换", reverse("replacement:guide")),
            )
        case CardStatus.RETIRED:
            raise ActivationRefused(
                "这张社保卡已经注销，不能再启用。如果已补换新卡，请启用新卡。",
                code="retired",
                next_step=("查看可以启用的卡", reverse("activation:guide")),
            )
    request = getattr(card, "request", None)
    if request is not None and request.status == RequestStatus.PRODUCED:
        raise ActivationRefused(
            "这张社保卡已经制好，但还没有发出。请收到卡后再来启用。",
            code="not_dispatched",
            next_step=("查看制卡进度", request.get_absolute_url()),
        )
    is_open = ServiceOpening.objects.open_on(day_of(at)).filter(
        city=card.city_id, service=Service.ACTIVATE
    )
    if not is_open.exists():
        raise ActivationRefused(
            f"{card.city.name}没有开通线上启用。请带身份证和社保卡到发卡银行网点启用。",
            code="not_open",
        )


def begin_check(*, card, by, at):
    """Begin the identity check of an activation. Raises `NotYours`, `ActivationRefused`."""
    check_activatable(card=card, at=at)
    return verification.begin(
        holder=card.holder,
        by=by,
        purpose=Purpose.ACTIVATE,
        request=None,
        next_url=reverse("activation:start", args=[card.reference]),
        at=at,
    )


def is_verified(*, card, by, at):
    """Whether `by` has passed a check with which `card` could be activated at `at`."""
    checks = Check.objects.usable(at).filter(
        holder=card.holder_id, by=by, purpose=Purpose.ACTIVATE, request=None
    )
    return checks.exists()


@transaction.atomic
def activate(*, card, by, at):
    """Make `card` usable, using up one identity check.

    A card that is only 已发出 is in hand when it is activated: its receipt is confirmed in the
    same transaction. Raises `NotYours`, `ActivationRefused`, `CheckRefused`, `Overtaken`; then
    the check is not used up either.
    """
    role = role_of(by, card.holder, at=at)
    check_activatable(card=card, at=at)
    verification.use(holder=card.holder, by=by, purpose=Purpose.ACTIVATE, request=None, at=at)
    request = getattr(card, "request", None)
    if request is not None and request.status == RequestStatus.DISPATCHED:
        _confirm_receipt(request, by=by, role=role, at=at)
    engine.move(card, CardAction.ACTIVATE, by=by, role=role, at=at, channel=Channel.WEB)


def _confirm_receipt(request, *, by, role, at):
    try:
        engine.move(request, RequestAction.COLLECT, by=by, role=role, at=at, channel=Channel.WEB)
    except Overtaken:
        # The worker, or the same person on another page, confirmed it a moment ago: as good.
        if request.status != RequestStatus.COLLECTED:
            raise
