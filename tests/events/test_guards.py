"""Consents and money are guarded as the book is: by triggers, and by the rights of the role."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from apps.cards.enums import CardStatus
from apps.events.guards import all_guards
from apps.events.models import Event
from apps.loss_report import expiry
from apps.payments import retention, settlement, sweeps
from apps.payments.enums import DiscrepancyKind, NotificationOutcome, PaymentStatus
from apps.payments.models import Discrepancy, PaymentNotification
from apps.people import services as people
from apps.people.enums import ConsentKind
from apps.people.models import Consent
from apps.seals import checking
from apps.seals import services as seals
from tests.factories.cards import AT, accept, make_card, reject
from tests.factories.loss_reports import make_loss_report
from tests.factories.payments import LATER, make_paid
from tests.factories.people import make_holder

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
LONG_AFTER = timedelta(days=400)


def make_consent():
    holder = make_holder()
    kinds = [ConsentKind.SERVICE]
    [consent] = people.record_consent(user=holder.user, holder=holder, kinds=kinds, ip=None, at=AT)
    return consent


def make_notification(outcome, payment=None):
    return PaymentNotification.objects.create(
        gateway="sandbox",
        digest="0" * 64,
        is_verified=outcome != NotificationOutcome.FORGED,
        outcome=outcome,
        payment=payment,
        received_at=AT,
    )


def make_discrepancy(payment):
    return Discrepancy.objects.create(
        kind=DiscrepancyKind.SECOND_TRADE,
        gateway="sandbox",
        order_number=payment.reference,
        amount_fen=5,
        status="OPEN",
        status_since=AT,
        found_at=AT,
    )


def make_rows():
    """A row in each guarded table of the rooms."""
    payment = make_paid()
    make_consent()
    people.withdraw_consent(
        holder=Consent.objects.get().holder,
        kind=ConsentKind.SERVICE,
        by=Consent.objects.get().user,
        at=LATER,
    )
    make_discrepancy(payment)
    make_notification(NotificationOutcome.APPLIED, payment)
    seals.seal(at=LATER)
    seals.proof_address(event=Event.objects.first(), at=LATER)


@pytest.fixture(scope="module")
def rows(prepared):
    yield from prepared(make_rows)


REFUSED = [
    "UPDATE people_consent SET given_at = '2020-01-01 00:00:00+00'",
    "UPDATE people_consent SET text_version = 'x'",
    "UPDATE people_consent SET holder_id = holder_id + 1",
    "UPDATE payments_payment SET amount_fen = 1",
    "UPDATE payments_payment SET reference = 'x'",
    "UPDATE payments_payment SET created_at = '2020-01-01 00:00:00+00'",
    "DELETE FROM payments_payment",
    "UPDATE payments_discrepancy SET amount_fen = 1",
    "DELETE FROM payments_discrepancy",
    "UPDATE payments_paymentnotification SET is_verified = NOT is_verified",
    "UPDATE payments_paymentnotification SET payment_id = NULL",
    "UPDATE seals_treehead SET size = size + 1",
    "DELETE FROM seals_leaf",
    "DELETE FROM seals_proofaddress",
]
# The role may write the column, or delete rows of the table: the trigger alone refuses.
BY_TRIGGER = [
    "UPDATE people_consent SET withdrawn_at = NULL",
    "DELETE FROM people_consent",
    "UPDATE payments_payment SET paid_at = '2020-01-01 00:00:00+00'",
    "DELETE FROM payments_paymentnotification",
]


@pytest.mark.parametrize("statement", [*REFUSED, *BY_TRIGGER])
def test_the_database_refuses(rows, statement):
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.postgres
@pytest.mark.parametrize("statement", REFUSED)
def test_the_role_of_the_application_has_not_even_the_right(rows, application_role, statement):
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_what_anybody_can_send_is_forgotten_and_the_rest_stays():
    forged = make_notification(NotificationOutcome.FORGED)
    kept = make_notification(NotificationOutcome.APPLIED, make_paid())
    assert retention.forget_refused_notifications(at=AT + LONG_AFTER, limit=10) == 1
    mine = PaymentNotification.objects.filter(pk__in=[forged.pk, kept.pk])
    assert mine.get() == kept


@pytest.mark.postgres
def test_the_role_of_the_application_can_do_the_work_of_the_portal(application_role):
    """From the draft to the card, a loss and its end, money there and back, consents, seals."""
    card = make_card(CardStatus.ACTIVE)
    make_loss_report(at=AT + timedelta(days=30), card=card)
    expiry.expire_due(at=AT + timedelta(days=60), deadline=None)
    card.refresh_from_db()
    assert card.status == CardStatus.ACTIVE
    payment = make_paid()
    card_request = payment.card_request
    accept(card_request, at=LATER + HOUR)
    reject(card_request, at=LATER + HOUR * 2)
    sweeps.begin_refunds(at=LATER + HOUR * 3)
    payment.refresh_from_db()
    settlement.finish_refund(payment=payment, at=LATER + HOUR * 4)
    payment.refresh_from_db()
    assert payment.status == PaymentStatus.REFUNDED
    consent = make_consent()
    people.withdraw_consent(holder=consent.holder, kind=consent.kind, by=consent.user, at=LATER)
    make_notification(NotificationOutcome.FORGED)
    assert retention.forget_refused_notifications(at=AT + LONG_AFTER, limit=10) == 1
    assert seals.seal(at=AT + LONG_AFTER) > 20
    seals.record_check(verdict=checking.verify(), at=AT + LONG_AFTER)
    again = seals.record_check(verdict=checking.verify(), at=AT + LONG_AFTER + HOUR)
    assert again.finding == ""


def test_every_guard_names_a_table_that_has_its_triggers():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute(
                "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
                " WHERE NOT t.tgisinternal AND t.tgenabled = 'O'"
            )
        there = set(cursor.fetchall())
    for guard in all_guards():
        for name in ("no_update", "no_delete"):
            assert (guard.table, f"{guard.table}_{name}") in there
