"""Which requests a page, a sweep or a list is about."""

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from apps.cards.enums import (
    REQUEST_FINAL,
    REQUEST_IN_FLIGHT,
    REQUEST_NOT_SUBMITTED,
    CardStatus,
    RequestAction,
    RequestKind,
    RequestStatus,
)
from apps.cards.lifecycle import REQUEST
from apps.common.leases import CLOCKS_DIFFER_BY
from apps.events.models import Event
from apps.lifecycle.models import LivingQuerySet
from apps.people.models import seen_by

# A request that the release before submitted during the upgrade has no moment of its own.
HANDED_IN = Coalesce("submitted_at", "status_since")
# What few requests have, as the condition of its index.
IS_SENT = ~Q(tracking_number="")
REPLACES = Q(old_card__isnull=False)


class CardRequestQuerySet(LivingQuerySet):
    def visible_to(self, user, *, at):
        """The requests of the user and of the children whose guardian the user is at `at`."""
        return self.filter(seen_by(user, at=at, person="holder"))

    def in_flight(self):
        return self.filter(status__in=REQUEST_IN_FLIGHT)

    def of_leaver(self, *, person, account):
        """Those because of which a person who leaves keeps a sign-in: see decision 0151.

        They run, or the card was received and is not in use yet, of the person with the key
        `person` and of those for whom the account with the key `account` acts.
        """
        running = Q(status__in=set(REQUEST_IN_FLIGHT) - {RequestStatus.DRAFT})
        received = Q(status=RequestStatus.COLLECTED, card__status=CardStatus.SEALED)
        return self.filter(running | received).filter(Q(holder=person) | Q(applicant=account))

    def first_cards(self):
        """申领 only."""
        return self.filter(kind=RequestKind.FIRST)

    def first_drafts(self):
        """申领 that are being filled in."""
        return self.first_cards().filter(status=RequestStatus.DRAFT)

    def submitted(self):
        """All that were submitted, ended ones included."""
        return self.exclude(status__in=REQUEST_NOT_SUBMITTED)

    def with_handed_in_at(self):
        """With `handed_in_at` to filter and sort by, the same as the property."""
        return self.alias(handed_in_at=HANDED_IN)

    def with_milestones(self):
        """Annotates `accepted_at` (the first time) and `approved_at` (the last); None before."""
        events = Event.objects.of_kind(REQUEST).filter(subject_id=OuterRef("pk"))
        accepted = events.filter(action=RequestAction.ACCEPT).order_by("pk").values("at")[:1]
        approved = events.filter(action=RequestAction.APPROVE).order_by("-pk").values("at")[:1]
        return self.annotate(accepted_at=Subquery(accepted), approved_at=Subquery(approved))

    def resting_since(self, status, before):
        """Those that have been in `status` since before the moment `before`, the earliest first."""
        return self.filter(status=status, waits_since__lt=before).order_by("waits_since")

    def resting_for(self, status, pause, at):
        """Those that have been in `status` for the short `pause` at the moment `at`.

        A status that begins after `at` began before the clock was set back, and rests too.
        """
        since = Q(waits_since__lte=at - pause) | Q(waits_since__gt=at + CLOCKS_DIFFER_BY)
        return self.filter(since, status=status).order_by("waits_since")

    def submitted_before(self, moment):
        """Those that wait for the payment and were submitted before `moment`, earliest first."""
        waiting = self.filter(status=RequestStatus.SUBMITTED, waits_since__lt=moment)
        return waiting.order_by("waits_since")

    def ended_before(self, moment):
        return self.filter(status__in=REQUEST_FINAL, waits_since__lt=moment)
