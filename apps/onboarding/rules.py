"""When somebody is reminded without anybody asking: one line for each thing.

What other rooms remind of by themselves is not repeated here: a temporary loss that ends
(apps/loss_report/reminders.py), and a card that waits at the unit (apps/handout/reminders.py).
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.cards.enums import CardStatus, RequestStatus
from apps.cards.models import CardRequest
from apps.common.moments import day_of
from apps.events.models import Event
from apps.onboarding.enums import BEGINNING, OBLIGATORY, ReminderAction
from apps.onboarding.event_kinds import REMINDER
from apps.roster.enums import InvitationStatus
from apps.roster.models import Invitation


@dataclass(frozen=True)
class ReminderRule:
    """`rows(at)` are those of which somebody is due to be reminded; `holder` is the path to them.

    `since` is the column of the moment from which the rule counts: people are reminded once after
    it. `rule` names the setting that says how long after it (or before the last day).
    """

    action: ReminderAction
    rule: str
    rows: Callable[..., QuerySet]
    holder: str = "holder"
    since: str = "status_since"

    @property
    def is_obligatory(self):
        return self.action in OBLIGATORY

    def due(self, *, at):
        """The keys of the people to remind at the moment `at`, as a queryset of their own rows."""
        told = Event.objects.filter(
            subject_kind=REMINDER.name,
            action=self.action,
            holder_id=OuterRef(self.holder),
            at__gte=OuterRef(self.since),
        )
        lately = Event.objects.filter(
            subject_kind=REMINDER.name,
            holder_id=OuterRef(self.holder),
            at__gt=at - settings.REMINDER_GAP,
        )
        here = Q(**{f"{self.holder}__left_date": None})
        if self.action not in BEGINNING:
            # Who left and may still sign in finishes what is under way.
            here |= Q(**{f"{self.holder}__user__is_active": True})
        alive = {f"{self.holder}__deceased_date": None}
        rows = self.rows(at).filter(~Exists(told), ~Exists(lately), here, **alive)
        return rows.order_by("pk").values_list(self.holder, flat=True)


def _within(since, wait, at):
    """A condition: `since` is `wait` ago, and not so long ago that a reminder makes no sense."""
    return {f"{since}__lte": at - wait, f"{since}__gt": at - wait - settings.REMINDER_REACH}


def _unopened(at):
    due = _within("sent_at", settings.REMIND_INVITATION_AFTER, at)
    sent = Invitation.objects.filter(status=InvitationStatus.SENT, user__is_active=True, **due)
    return sent.exclude(user__holder__phone_index=None)


def _in(status, wait):
    def rows(at):
        return CardRequest.objects.filter(
            status=status, **_within("status_since", getattr(settings, wait), at)
        )

    return rows


def _unanswered(at):
    """Amendments whose last day is near. What applicants took back themselves goes on by itself."""
    today = day_of(at)
    last = today + settings.REMIND_AMENDMENT_BEFORE
    return CardRequest.objects.filter(
        status=RequestStatus.NEEDS_AMENDMENT,
        amendments__answered_at=None,
        amendments__is_own=False,
        amendments__due_date__range=(today, last),
    )


def _sent(at):
    return _in(RequestStatus.DISPATCHED, "REMIND_SENT_AFTER")(at).filter(is_collected_by_unit=False)


def _sealed(at):
    received = _in(RequestStatus.COLLECTED, "REMIND_SEALED_AFTER")(at)
    return received.filter(card__status=CardStatus.SEALED)


def _unpaid(is_addressed):
    def rows(at):
        waiting = _in(RequestStatus.SUBMITTED, "REMIND_UNPAID_AFTER")(at)
        return waiting.filter(shipment__isnull=not is_addressed)

    return rows


RULES = (
    ReminderRule(
        ReminderAction.INVITE,
        "REMIND_INVITATION_AFTER",
        _unopened,
        holder="user__holder",
        since="created_at",
    ),
    ReminderRule(
        ReminderAction.FINISH_DRAFT,
        "REMIND_DRAFT_AFTER",
        _in(RequestStatus.DRAFT, "REMIND_DRAFT_AFTER"),
    ),
    ReminderRule(ReminderAction.GIVE_ADDRESS, "REMIND_UNPAID_AFTER", _unpaid(is_addressed=False)),
    ReminderRule(ReminderAction.PAY, "REMIND_UNPAID_AFTER", _unpaid(is_addressed=True)),
    ReminderRule(ReminderAction.AMEND, "REMIND_AMENDMENT_BEFORE", _unanswered),
    ReminderRule(ReminderAction.RECEIVE, "REMIND_SENT_AFTER", _sent),
    ReminderRule(ReminderAction.ACTIVATE, "REMIND_SEALED_AFTER", _sealed),
)
