"""Reporting a temporary loss and lifting it. What the worker does is in expiry.py.

A report asks for no identity check: it protects the holder and can be undone. Lifting does,
because it opens the card again for whoever has it in hand.
"""

from django.db import transaction
from django.urls import reverse

from apps.cards.enums import CardAction, CardStatus
from apps.cards.permissions import role_of
from apps.common.moments import day_of
from apps.events.enums import Channel
from apps.lifecycle import engine
from apps.loss_report.enums import LossReportAction
from apps.loss_report.models import LossReport
from apps.loss_report.natural_days import end_of_suspension
from apps.loss_report.refusals import EndChanged, LossReportRefused
from apps.regions.enums import Service
from apps.regions.models import ServiceOpening
from apps.verification import services as verification
from apps.verification.enums import Purpose
from apps.verification.models import Check


def days_if_reported(*, card, at):
    """For how many natural days the city suspends a card whose loss is reported at `at`."""
    return card.city.rule_on(day_of(at)).loss_report_days


def end_if_reported(*, card, at):
    """When a suspension of `card` that is reported at `at` would end."""
    return end_of_suspension(at, days_if_reported(card=card, at=at))


def check_reportable(*, card, at):
    """Raise `LossReportRefused` unless a loss of `card` can be reported at `at`."""
    match card.status_at(at):
        case CardStatus.SEALED:
            raise LossReportRefused(
                "这张社保卡还没有启用，本来就不能用于结算，不用挂失。",
                code="sealed",
                next_step=("去看社保卡启用", reverse("activation:guide")),
            )
        case CardStatus.SUSPENDED:
            raise LossReportRefused(
                "这张社保卡正在临时挂失，不用再次挂失。",
                code="suspended",
                next_step=("查看这次挂失", reverse("loss_report:detail", args=[card.reference])),
            )
        case CardStatus.LOST:
            raise LossReportRefused(
                "这张社保卡已经正式挂失，不能使用，不用再办临时挂失。",
                code="lost",
                next_step=("去申请补换", reverse("replacement:guide")),
            )
        case CardStatus.RETIRED:
            raise LossReportRefused("这张社保卡已经注销，不能使用，不用挂失。", code="retired")
    is_open = ServiceOpening.objects.open_on(day_of(at)).filter(
        city=card.city_id, service=Service.LOSS_REPORT
    )
    if not is_open.exists():
        raise LossReportRefused(
            f"{card.city.name}没有开通线上临时挂失。请马上拨打 12333 办理。", code="not_open"
        )


def check_liftable(*, card, at):
    """Raise `LossReportRefused` unless the suspension of `card` is running at `at`."""
    status = card.status_at(at)
    if status == CardStatus.SUSPENDED:
        return
    if status == CardStatus.ACTIVE:
        raise LossReportRefused(
            "这张社保卡现在没有挂失，可以正常使用，不用解除。", code="not_suspended"
        )
    raise LossReportRefused(
        f"这张社保卡现在是「{status.label}」，不能在这里解除挂失。请联系人事处社保窗口。",
        code="not_suspended",
    )


@transaction.atomic
def report_loss(*, card, agreed_end, by, at):
    """Suspend `card` for the city's number of natural days. Returns the `LossReport`.

    `agreed_end` is the end that the person was shown and confirmed. Raises `NotYours`,
    `LossReportRefused`, `EndChanged` when midnight or a setting has moved the end meanwhile, and
    `Overtaken`.
    """
    role = role_of(by, card.holder, at=at)
    check_reportable(card=card, at=at)
    days = days_if_reported(card=card, at=at)
    ends_at = end_of_suspension(at, days)
    if agreed_end != ends_at:
        raise EndChanged(
            "到期时间与您刚才看到的不同（可能已过零点），请核对新的到期时间后再确认一次。",
            code="end_changed",
        )
    whom = {"by": by, "role": role, "at": at, "channel": Channel.WEB}
    engine.move(card, CardAction.REPORT_LOSS, suspended_until=ends_at, **whom)
    report = LossReport(card=card, reported_at=at, reported_by=by, days=days, ends_at=ends_at)
    engine.begin(report, LossReportAction.REPORT, facts={"card": card.reference}, **whom)
    return report


def begin_check(*, card, by, at):
    """Begin the identity check that lifting asks for. Raises `NotYours`, `LossReportRefused`."""
    check_liftable(card=card, at=at)
    return verification.begin(
        holder=card.holder,
        by=by,
        purpose=Purpose.LOSS_REPORT,
        request=None,
        next_url=reverse("loss_report:lift", args=[card.reference]),
        at=at,
    )


def is_verified(*, card, by, at):
    """Whether `by` has passed a check with which `card` could be lifted at `at`."""
    checks = Check.objects.usable(at).filter(
        holder=card.holder_id, by=by, purpose=Purpose.LOSS_REPORT, request=None
    )
    return checks.exists()


@transaction.atomic
def lift(*, card, by, at):
    """解除挂失: the card was found; it is usable at once. Uses up one identity check.

    Raises `NotYours`, `LossReportRefused`, `CheckRefused`, `Overtaken`.
    """
    role = role_of(by, card.holder, at=at)
    check_liftable(card=card, at=at)
    verification.use(holder=card.holder, by=by, purpose=Purpose.LOSS_REPORT, request=None, at=at)
    engine.move(card, CardAction.LIFT, by=by, role=role, at=at, channel=Channel.WEB)
