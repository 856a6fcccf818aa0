"""Rows of cards, requests, money and messages that break a rule of `verify_integrity`.

Each is written behind the services, and returned.
"""

from datetime import timedelta

from django.db import connection
from django.utils import timezone

from apps.cards.enums import CardAction, CardStatus, RequestAction, RequestStatus
from apps.common.moments import day_of
from apps.events.enums import Channel, Role
from apps.events.models import Event
from apps.lifecycle import engine
from apps.lifecycle.models import Setback
from apps.notices import services as notices
from apps.notices.models import Notice
from apps.payments.enums import PaymentAction
from apps.payments.models import PaymentNotification
from apps.requests.models import Amendment, DiscardedFile
from apps.requests.policies import settled_after
from tests.factories.cards import make_card, make_request, submit
from tests.factories.formal_losses import make_formal_loss, make_replacement_draft
from tests.factories.payments import make_paid, make_payment
from tests.factories.people import (
    make_reviewer,
)

NOW = timezone.now()
EARLIER = NOW - timedelta(days=3)


def write(row, **columns):
    """Write `columns` into the row by SQL, past services, engine and models."""
    assignments = ", ".join(f"{name} = %s" for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {row._meta.db_table} SET {assignments} WHERE id = %s",  # noqa: S608
            [*columns.values(), row.pk],
        )


def sql(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def not_tried_again():
    return Setback.objects.create(
        subject_kind="card",
        subject_id=1,
        action=CardAction.EXPIRE,
        reason="x",
        first_at=EARLIER,
        next_try_at=EARLIER,
    )


def back_another_way():
    card_request = make_request(RequestStatus.ACCEPTED)
    write(card_request, came_back_by="FAIL")
    return card_request


def told_backwards():
    event = make_request(RequestStatus.SUBMITTED, at=EARLIER).events.last()
    event.pk, event.at = None, EARLIER - timedelta(days=1)
    [event] = Event.objects.bulk_create([event])
    return event


def two_in_hand():
    card, other = make_card(at=EARLIER), make_card(at=EARLIER)
    sql("DROP INDEX one_card_in_hand_per_holder")
    write(other, holder_id=card.holder_id)
    return card.holder


def card_of_no_request():
    card = make_card(CardStatus.RETIRED, at=EARLIER)
    card.pk, card.card_number, card.reference = None, "T99999999", "0" * 16
    card.save(force_insert=True)
    return card


def beside_its_successor():
    card = make_card(at=EARLIER)
    write(make_card(CardStatus.RETIRED, at=EARLIER), replaces_id=card.pk)
    return card


def amended_without_being_asked():
    card_request = make_request(RequestStatus.NEEDS_AMENDMENT, at=EARLIER)
    sql("DELETE FROM requests_amendment")
    return card_request


def asked_without_being_amended():
    card_request = make_request(RequestStatus.NEEDS_AMENDMENT, at=EARLIER)
    write(card_request, status=RequestStatus.ACCEPTED)
    return Amendment.objects.get()


def recalled_without_a_recall():
    make_request(RequestStatus.NEEDS_AMENDMENT, at=EARLIER)
    amendment = Amendment.objects.get()
    write(amendment, is_recalled=True, answered_at=EARLIER, answered_by_id=amendment.asked_by_id)
    return amendment


def told_although_recalled():
    card_request = make_request(RequestStatus.REJECTED, at=EARLIER)
    told_at = card_request.status_since + settled_after()
    notices.collect(at=told_at, limit=100)
    notices.send_due(at=told_at, limit=100)
    engine.move(
        card_request,
        RequestAction.RECALL,
        by=make_reviewer(),
        role=Role.REVIEWER,
        at=told_at,
        channel=Channel.ADMIN,
    )
    return Notice.objects.get(event__action=RequestAction.REJECT, channel="PORTAL")


def not_given_back():
    make_request(RequestStatus.NEEDS_AMENDMENT, at=EARLIER)
    amendment = Amendment.objects.get()
    write(amendment, is_own=True, due_date=day_of(EARLIER))
    return amendment


def not_thrown_away():
    return DiscardedFile.objects.create(name="x", discarded_at=EARLIER, next_try_at=EARLIER)


def order_left_alone():
    payment = make_payment()
    write(payment, next_check_at=EARLIER)
    return payment


PAID = {"status": "PAID", "paid_at": EARLIER, "trade_number": "T1"}
GOING_BACK = {"status": "REFUNDING", "refund_began_at": EARLIER, "refund_reason": "x"}


def paid_without_a_record():
    payment = make_payment()
    write(payment, **PAID)
    return payment


def late_money_that_stays():
    payment = make_payment()
    details = {"by": None, "role": Role.GATEWAY, "at": NOW, "channel": Channel.GATEWAY}
    engine.event_of(payment, PaymentAction.RETURN, payment.status, **details).save()
    return payment


def refund_of_nothing():
    payment = make_payment()
    write(payment, **PAID | GOING_BACK)
    return payment


def refunded_and_going_on():
    payment = make_paid()
    write(payment, **GOING_BACK)
    return payment.card_request


def notification(payment, outcome):
    return PaymentNotification.objects.create(
        gateway="sandbox",
        digest="0" * 64,
        is_verified=True,
        outcome=outcome,
        payment=payment,
        trade_status="TRADE_SUCCESS",
        received_at=EARLIER,
    )


def confirmed_on_a_card_in_use():
    loss = make_formal_loss(at=EARLIER)
    write(loss, status="CONFIRMED")
    return loss


def replacing_a_card_in_use():
    card_request = make_replacement_draft(at=EARLIER)
    submit(card_request, at=EARLIER + timedelta(days=2))
    write(card_request.old_card, status=CardStatus.ACTIVE)
    return card_request
