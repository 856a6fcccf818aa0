"""The clock steps back by an hour: no timeline runs backwards."""

from datetime import timedelta

import pytest

from apps.cards.enums import CardAction, CardStatus, RequestAction, RequestStatus
from apps.cards.models import CardRequest
from apps.common.integrity import About
from apps.desk import event_kinds
from apps.desk.event_kinds import CaseAction
from apps.events import services as events
from apps.events.enums import AS_WORKER, Channel, Role
from apps.lifecycle import engine
from apps.lifecycle.integrity import INVARIANTS
from apps.lifecycle.sweep import move_all
from apps.lifecycle.writing import Own
from apps.verification.enums import CheckAction
from tests.factories.cards import AT, make_card, make_request
from tests.factories.checks import begin as begin_check
from tests.factories.people import make_holder, make_reviewer

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def broken():
    return [
        invariant.says
        for invariant in INVARIANTS
        if invariant.about == About.ROWS and list(invariant.breaches(AT + HOUR))
    ]


def recorded(row):
    return list(row.events.values_list("at", flat=True))


def test_a_move_is_never_recorded_before_the_last_one():
    card = make_card(CardStatus.ACTIVE)
    since = card.status_since
    by = card.holder.user
    whom = {"by": by, "role": Role.HOLDER, "channel": Channel.WEB}
    until = since + 8 * 24 * HOUR
    engine.move(card, CardAction.REPORT_LOSS, at=since - HOUR, suspended_until=until, **whom)
    assert card.status_since == since
    engine.move(card, CardAction.LIFT, at=since + HOUR, **whom)
    assert recorded(card) == sorted(recorded(card))
    assert recorded(card)[-1] == card.status_since == since + HOUR
    assert broken() == []


def test_a_set_is_never_recorded_before_the_last_one_each_row_for_itself():
    early, late = (make_request(RequestStatus.PAID, at=AT + n * HOUR) for n in (0, 2))
    at = early.status_since + HOUR
    move_all(CardRequest.objects.order_by("pk"), RequestAction.ACCEPT, at=at, **AS_WORKER)
    for card_request, moment in ((early, at), (late, late.status_since)):
        card_request.refresh_from_db()
        assert recorded(card_request)[-1] == card_request.status_since == moment
    assert broken() == []


def test_a_set_with_details_of_its_own_too():
    rows = [make_request(RequestStatus.PRODUCED) for _ in range(2)]
    since = rows[0].status_since
    own = {row.pk: Own({"tracking_number": f"1{row.pk}"}, facts={"line": 1}) for row in rows}
    at = since - HOUR
    engine.move_set(rows, RequestAction.DISPATCH, at=at, own=own, carrier="EMS", **AS_WORKER)
    for row in rows:
        assert row.status_since == recorded(row)[-1] == since
        row.refresh_from_db()
        assert row.status_since == since
    assert broken() == []


def test_tries_that_change_no_status_do_not_run_backwards_either():
    holder = make_holder()
    check = begin_check(holder)
    details = {"by": holder.user, "role": Role.HOLDER, "channel": Channel.WEB}
    for minutes in (5, -55, 3):
        engine.move(check, CheckAction.REFUSE, at=AT + timedelta(minutes=minutes), **details)
    five = AT + timedelta(minutes=5)
    assert recorded(check) == [AT, five, five, five]
    assert check.status_since == AT
    assert broken() == []


def test_what_is_recorded_beside_the_moves_does_not_run_backwards():
    reviewer, written = make_reviewer(), []
    for at in (AT, AT - HOUR):
        event = events.record(
            kind=event_kinds.REQUEST,
            action=CaseAction.LOOK,
            by=reviewer,
            role=Role.REVIEWER,
            at=at,
            channel=Channel.ADMIN,
            subject_id=1,
        )
        written.append(event.at)
    assert written == [AT, AT]
