"""Reporting a temporary loss and lifting it. What the worker does is in expiry.py.

A report needs no identity check: it protects the holder and can be undone. Lifting needs one,
because the card can then be used by whoever has it.
"""

from django.db import transaction

from apps.cards.enums import CardAction
from apps.cards.models import Card
from apps.cards.permissions import role_of
from apps.common.addresses import row_url
from apps.common.moments import day_of
from apps.events.enums import Channel
from apps.lifecycle import engine
from apps.loss_report import pages
from apps.loss_report.enums import LossReportAction
from apps.loss_report.models import LossReport
from apps.loss_report.natural_days import end_of_suspension
from apps.loss_report.policies import check_liftable, check_reportable
from apps.loss_report.refusals import EndChanged
from apps.verification import services as verification
from apps.verification.enums import Purpose


def days_if_reported(*, card, at):
    """For how many natural days the city suspends a card whose loss is reported at `at`."""
    return card.city.rule_on(day_of(at)).loss_report_days


def end_if_reported(*, card, at):
    """When a suspension of `card` that is reported at `at` would end."""
    return end_of_suspension(at, days_if_reported(card=card, at=at))


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
        card_request=None,
        next_url=row_url("loss_report:lift", card.reference),
        at=at,
    )


@transaction.atomic
def lift(*, card, by, at, shown=None):
    """解除挂失: the card was found; it is usable at once. Uses up one identity check.

    `shown` is the hidden field of the page on which it was confirmed; None if there was no page.
    Raises `NotYours`, `LossReportRefused`, `NotAsShown`, `CheckRefused`, `Overtaken`.
    """
    role = role_of(by, card.holder, at=at)
    card.refresh_from_db(from_queryset=Card.objects.select_for_update())
    check_liftable(card=card, at=at)
    verification.use(
        holder=card.holder, by=by, purpose=Purpose.LOSS_REPORT, card_request=None, at=at
    )
    if shown is not None:
        pages.SUSPENSION.check(shown, card)
    engine.move(card, CardAction.LIFT, by=by, role=role, at=at, channel=Channel.WEB)
