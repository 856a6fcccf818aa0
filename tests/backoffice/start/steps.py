"""How cases come to wait, and what the first page counts."""

from datetime import UTC, datetime, timedelta

from django.test import RequestFactory
from django.urls import reverse

from apps.backoffice.start import work
from apps.cards.enums import RequestAction, RequestStatus
from apps.events.enums import AS_WORKER, Channel, Role
from apps.lifecycle import engine
from apps.payments import sweeps
from apps.payments.models import Payment
from apps.reporting import kept
from apps.requests.policies import settled_after
from tests.factories import cards as steps
from tests.factories.cards import make_request
from tests.factories.payments import make_paid

START = reverse("admin:index")
# A Wednesday morning in Beijing; three working days before it is Friday.
NOW = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


def cards_for(user, at=NOW):
    request = RequestFactory().get(START)
    request.user = user
    with kept.counts_with(*work.asks(user, at=at)) as counts:
        return {card.key: card for card in work.cards(request, counts=counts, at=at)}


def accepted(at, **options):
    """A request that waits for its review since `at`."""
    return make_request(RequestStatus.ACCEPTED, at=at - timedelta(minutes=3), **options)


def resubmitted(at):
    card_request = make_request(RequestStatus.NEEDS_AMENDMENT, at=at - timedelta(days=1))
    engine.move(
        card_request,
        RequestAction.AMEND,
        by=card_request.applicant,
        role=Role.HOLDER,
        at=at,
        channel=Channel.WEB,
    )
    return card_request


def sent_back(at):
    card_request = make_request(RequestStatus.APPROVED, at=at - timedelta(days=1))
    engine.move(card_request, RequestAction.FAIL, at=at, reason="照片不合格", **AS_WORKER)
    return card_request


def refunding(at, *, error=""):
    """A rejected request whose refund began at `at`."""
    payment = make_paid(at=at - timedelta(hours=2))
    steps.accept(payment.card_request, at=at - timedelta(hours=1))
    steps.reject(payment.card_request, at=at - settled_after())
    sweeps.begin_refunds(at=max(at, payment.card_request.status_since + settled_after()))
    Payment.objects.filter(pk=payment.pk).update(last_error=error)
    return payment
