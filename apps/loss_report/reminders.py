"""到期提醒: on the morning of the day before the last one, so that there is time to act."""

import logging

from django.db import transaction

from apps.cards.policies import why_not_replaced_here, why_not_replaced_online
from apps.events.messages import PORTAL_AND_SMS, say
from apps.loss_report.messages import ENDS_SOON
from apps.loss_report.models import LossReport
from apps.loss_report.natural_days import REMINDED_BEFORE
from apps.notices.services import announce
from apps.people.audience import accounts_of, former_guardians_of
from apps.people.family import name_of
from apps.people.models import User

logger = logging.getLogger(__name__)


def remind_due(*, at, limit):
    """Remind of up to `limit` suspensions that end soon, once each. Returns of how many.

    A worker that was down sends the reminder later, until the suspension ends. A suspension of a
    single day has no reminder: it would be due before the report.
    """
    due = LossReport.objects.to_remind(at, before=REMINDED_BEFORE).order_by("ends_at", "pk")
    done = 0
    for pk in list(due.values_list("pk", flat=True)):
        if done == limit:
            break
        done += _remind(pk, at)
    return done


def _remind(pk, at):
    try:
        with transaction.atomic():
            free = LossReport.objects.to_remind(at, before=REMINDED_BEFORE).filter(pk=pk)
            if not free.update(reminded_at=at):
                return 0
            report = LossReport.objects.select_related("card__holder", "card__city").get(pk=pk)
            for recipient in _recipients(report, at):
                said = _said(report, recipient, at)
                announce(
                    event=report.events[0],
                    recipient=recipient,
                    text=said.text,
                    sms_text=said.sms_text,
                    channels=PORTAL_AND_SMS,
                    at=at,
                )
    except Exception:
        logger.exception("loss report #%s: nobody was reminded", pk)
        return 0
    return 1


def _recipients(report, at):
    """The holder, or every guardian of a child, whoever reported the loss.

    For a holder without an account the guardians that were are told that something happened.
    """
    holder = report.card.holder_id
    people = accounts_of([holder], at=at) or former_guardians_of([holder], at=at)
    return User.objects.filter(pk__in=people.get(holder, []))


def _said(report, recipient, at):
    holder = report.card.holder
    whose = (
        "您的"
        if holder.user_id == recipient.pk
        else f"您子女{name_of(holder, reader=recipient, place='message')}的"
    )
    return say(
        ENDS_SOON,
        at=at,
        whose=whose,
        ends_at=report.ends_at,
        is_young=bool(why_not_replaced_online(holder, at=at)),
        is_closed=bool(why_not_replaced_here(report.card, at=at)),
    )
