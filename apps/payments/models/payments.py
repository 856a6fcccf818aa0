"""Which payments are due, owed, in trouble, or told of."""

from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Coalesce

from apps.cards.enums import REQUEST_ENDED_WITHOUT_CARD, RequestStatus
from apps.cards.lifecycle import RECALLABLE
from apps.common.leases import CLOCKS_DIFFER_BY
from apps.lifecycle.models import LivingQuerySet
from apps.payments.enums import GOING_BACK, RUNNING, SENT_BACK, PaymentStatus
from apps.payments.pauses import ASK_AFTER, PAID_AFTER, REFUND_AFTER, to_check
from apps.people.models import seen_by
from apps.requests.policies import settled_after

# How long a refund may take before somebody is told to look after it.
REFUND_PATIENCE = timedelta(days=1)
# Paid, although the request ended without a card.
_OWED = Q(status=PaymentStatus.PAID, card_request__status__in=REQUEST_ENDED_WITHOUT_CARD)
# Its money, or the rest of it, is still to go back.
TO_GO_BACK = Q(status__in=SENT_BACK) | _OWED


def _settled(at):
    """The condition for requests whose rejection nobody can recall at the moment `at`.

    A rejection after `at` was made before the clock was set back.
    """
    since = "card_request__status_since"
    return (
        ~Q(card_request__status__in=RECALLABLE)
        | Q(**{f"{since}__lte": at - settled_after()})
        | Q(**{f"{since}__gt": at + CLOCKS_DIFFER_BY})
    )


def not_before(since, field):
    """The condition for what has not ended, or ended (the moment in `field`) after `since`.

    Without a `since` it is true of all.
    """
    return Q() if since is None else Q(**{field: None}) | Q(**{f"{field}__gt": since})


class PaymentQuerySet(LivingQuerySet):
    def visible_to(self, user, *, at):
        """Those of the requests that the user may see at the moment `at`."""
        return self.filter(seen_by(user, at=at, person="card_request__holder"))

    def running(self):
        return self.filter(status__in=RUNNING)

    def to_ask_about(self, at):
        """Running payments for which the next question to the gateway is due, the oldest first."""
        due = to_check(at, ASK_AFTER)
        return self.running().filter(due).order_by("next_check_at")

    def to_ask_about_paid(self, at):
        """Paid payments for which the next question to the gateway is due, the oldest first."""
        due = to_check(at, PAID_AFTER)
        return self.filter(due, status=PaymentStatus.PAID).order_by("next_check_at")

    def to_send_back(self, at):
        """Refunds that are due to be sent, the oldest first."""
        due = to_check(at, REFUND_AFTER)
        return self.filter(due, status__in=SENT_BACK).order_by("next_check_at")

    def owed_back(self, at):
        """Paid payments whose request ended without a card, for good at the moment `at`."""
        return self.filter(_OWED, _settled(at))

    def not_back_yet(self):
        """Refunds that have begun and not arrived."""
        return self.filter(status__in=SENT_BACK)

    def told_of_since(self, since):
        """Those of which the payer reads more than that they are paid.

        Their money goes back, or differs from what was reported. What ended before `since` is left
        out; None is ever.
        """
        going_back = (Q(status__in=GOING_BACK) | _OWED) & not_before(since, "refunded_at")
        differing = Q(discrepancies__holder__isnull=False)
        differing &= not_before(since, "discrepancies__settled_at")
        return self.filter(going_back | differing).distinct()

    def refunds_in_trouble(self, at):
        """Refunds that need a person: refused or failed, or a day has passed.

        Annotates `owed_since`: when the refund began, or the request ended without one.
        """
        return self.refunds_stuck_since(at - REFUND_PATIENCE)

    def refunds_stuck_since(self, moment):
        """`refunds_in_trouble` at the moment `REFUND_PATIENCE` after `moment`."""
        failed = Q(status=PaymentStatus.STALLED) | (
            Q(status=PaymentStatus.REFUNDING) & ~Q(last_error="")
        )
        since = Coalesce("refund_began_at", "card_request__status_since")
        return (
            self.filter(TO_GO_BACK)
            .annotate(owed_since=since)
            .filter(failed | Q(owed_since__lte=moment))
        )

    def pointless(self):
        """Running payments whose request no longer waits for a payment."""
        return self.running().exclude(card_request__status=RequestStatus.SUBMITTED)
