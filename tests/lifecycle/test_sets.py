"""Moving rows that are locked already, all or none; and what the clock ended before."""

from datetime import timedelta

import pytest
from django.db import DataError, transaction

from apps.cards.enums import CardAction, CardStatus, RequestAction, RequestStatus
from apps.cards.models import Card, CardRequest
from apps.common.refusals import Refused
from apps.encryption.fields import Sealed, blind_index, encrypt
from apps.events.enums import AS_WORKER, Role
from apps.events.models import Event
from apps.lifecycle import engine, sweep
from apps.lifecycle.models import Setback
from apps.lifecycle.refusals import NotAllowed
from apps.lifecycle.sweep import move_all
from apps.lifecycle.values import Copies
from apps.lifecycle.writing import Own
from apps.loss_report.enums import LossReportStatus
from apps.loss_report.models import LossReport
from tests.factories.cards import AT, make_card, make_request
from tests.factories.loss_reports import make_loss_report
from tests.factories.people import make_reviewer

pytestmark = pytest.mark.django_db

AFTER = AT + timedelta(days=30)


def produced(number):
    return [make_request(RequestStatus.PRODUCED) for _ in range(number)]


def dispatch(requests, **options):
    own = {
        card_request.pk: Own(
            {"tracking_number": f"10000{card_request.pk}"}, due_at=AT, facts={"line": place}
        )
        for place, card_request in enumerate(requests)
    }
    details = {"at": AFTER, "own": own, "carrier": "EMS", "reason": "回盘"} | AS_WORKER | options
    engine.move_set(requests, RequestAction.DISPATCH, **details)


# --- move_set -------------------------------------------------------------------------------------


def test_a_set_gets_what_is_the_same_and_what_is_each_row_s_own():
    requests = produced(3)
    dispatch(requests)
    for place, card_request in enumerate(requests):
        stored = CardRequest.objects.get(pk=card_request.pk)
        event = card_request.events.last()
        for row in (card_request, stored):
            assert (row.status, row.status_since) == (RequestStatus.DISPATCHED, AFTER)
            assert (row.carrier, row.tracking_number) == ("EMS", f"10000{card_request.pk}")
        assert (event.from_status, event.to_status) == ("PRODUCED", "DISPATCHED")
        assert (event.at, event.due_at, event.facts) == (AFTER, AT, {"line": place})
        assert (event.reason, event.reference) == ("回盘", card_request.reference)
        assert event.holder_id == card_request.holder_id


def test_the_event_of_a_set_is_the_event_of_a_single_move():
    [one], [other] = produced(1), produced(1)
    details = {"at": AFTER, "reason": "回盘", "facts": {"line": 1}} | AS_WORKER
    engine.move(one, RequestAction.DISPATCH, due_at=AT, **details)
    engine.move_set([other], RequestAction.DISPATCH, own={other.pk: Own(due_at=AT)}, **details)
    skip = {"id", "subject_id", "reference", "holder_id"}
    first, second = (
        {name: value for name, value in event.items() if name not in skip}
        for event in Event.objects.filter(action="DISPATCH").order_by("pk").values()
    )
    assert first == second


def test_one_row_that_may_not_go_holds_all():
    [*requests, wrong] = [*produced(2), make_request(RequestStatus.APPROVED)]
    with pytest.raises(NotAllowed, match="wrong_status"), transaction.atomic():
        dispatch([*requests, wrong])
    assert CardRequest.objects.filter(status=RequestStatus.DISPATCHED).count() == 0
    assert not Event.objects.filter(action="DISPATCH").exists()


def test_a_role_that_may_not_is_refused_and_no_rows_are_no_work():
    with pytest.raises(NotAllowed, match="wrong_role"):
        dispatch(produced(1), role=Role.REVIEWER)
    engine.move_set([], RequestAction.DISPATCH, at=AFTER, **AS_WORKER)


def test_rows_that_name_different_columns_keep_the_others():
    first, second = produced(2)
    own = {first.pk: Own({"carrier": "EMS"}), second.pk: Own({"tracking_number": "7"})}
    engine.move_set([first, second], RequestAction.DISPATCH, at=AFTER, own=own, **AS_WORKER)
    rows = CardRequest.objects.order_by("pk").values_list("carrier", "tracking_number")
    assert list(rows) == [("EMS", ""), ("", "7")]


@pytest.mark.parametrize("number", [2, 6])
def test_a_set_takes_the_same_number_of_statements(number, django_assert_num_queries):
    requests = produced(number)
    with django_assert_num_queries(3):  # events, rows, and the followers looked for
        dispatch(requests)


@pytest.mark.postgres
def test_a_text_that_is_too_long_is_refused_and_not_cut_off():
    [card_request] = produced(1)
    own = {card_request.pk: Own({"tracking_number": "1" * 31})}
    with pytest.raises(DataError), transaction.atomic():
        engine.move_set([card_request], RequestAction.DISPATCH, at=AFTER, own=own, **AS_WORKER)


def test_new_rows_have_each_their_own_moment_and_facts():
    old = [make_card(CardStatus.LOST) for _ in range(2)]
    cards = [
        Card(
            holder=card.holder,
            city=card.city,
            bank=card.bank,
            card_number=f"N{place:08d}",
            replaces=card,
        )
        for place, card in enumerate(old)
    ]
    engine.begin_all(
        cards,
        CardAction.ISSUE,
        at=AFTER,
        due_at=lambda card: AT if card.card_number == "N00000000" else None,
        facts=lambda card: {"number": card.card_number[-1]},
        **AS_WORKER,
    )
    events = [card.events.get() for card in cards]
    assert [(e.from_status, e.to_status) for e in events] == [("", "SEALED")] * 2
    assert [e.due_at for e in events] == [AT, None]
    assert [e.facts for e in events] == [{"number": "0"}, {"number": "1"}]


# --- Sets that were not read ----------------------------------------------------------------------

ODD = ["NULL", '"', "\\", "{a,b}", "", "%s", "承运 'x'"]


def test_what_differs_is_written_as_it_is():
    requests = [card_request.pk for card_request in produced(len(ODD))]
    details = {"at": AFTER} | AS_WORKER
    engine.move_keys(
        CardRequest, requests, RequestAction.DISPATCH, lists={"carrier": ODD}, **details
    )
    stored = CardRequest.objects.in_bulk(requests)
    assert [stored[pk].carrier for pk in requests] == ODD
    assert Event.objects.filter(action="DISPATCH", from_status="PRODUCED").count() == len(ODD)


def test_one_key_in_another_status_holds_all():
    keys = [row.pk for row in [*produced(2), make_request(RequestStatus.APPROVED)]]
    with pytest.raises(NotAllowed, match="wrong_status"), transaction.atomic():
        engine.move_keys(CardRequest, keys, RequestAction.DISPATCH, at=AFTER, **AS_WORKER)
    assert CardRequest.objects.filter(status=RequestStatus.DISPATCHED).count() == 0
    assert not Event.objects.filter(action="DISPATCH").exists()
    whom = AS_WORKER | {"role": Role.REVIEWER}
    with pytest.raises(NotAllowed, match="wrong_role"):
        engine.move_keys(CardRequest, keys, RequestAction.DISPATCH, at=AFTER, **whom)


def test_the_database_copies_from_other_rows():
    [one, other] = produced(2)
    CardRequest.objects.filter(pk=other.pk).update(carrier="EMS", tracking_number="7")
    copies = Copies(CardRequest, [other.pk], {"carrier": "carrier"}, {"due_at": "status_since"})
    details = {"at": AFTER, "copies": copies} | AS_WORKER
    engine.move_keys(CardRequest, [one.pk], RequestAction.DISPATCH, **details)
    one.read_again()
    assert (one.status, one.carrier, one.tracking_number) == (RequestStatus.DISPATCHED, "EMS", "")
    assert one.events.last().due_at == other.status_since


def test_new_rows_without_instances_are_as_those_with_one():
    old = [make_card(CardStatus.LOST) for _ in range(2)]
    sealed = Sealed(encrypt("N00000000"))
    keys = engine.begin_rows(
        Card,
        {
            "holder": [card.holder_id for card in old],
            "city": [card.city_id for card in old],
            "bank": [card.bank_id for card in old],
            "card_number": [sealed, "N00000001"],
            "card_number_index": [blind_index("N00000000"), blind_index("N00000001")],
            "replaces": [None, old[1].pk],
        },
        CardAction.ISSUE,
        at=AFTER,
        facts={"line": 1},
        **AS_WORKER,
    )
    cards = [Card.objects.get(pk=key) for key in keys]
    assert [card.card_number for card in cards] == ["N00000000", "N00000001"]
    assert [card.replaces_id for card in cards] == [None, old[1].pk]
    assert [len(card.reference) for card in cards] == [16, 16]
    for card, before in zip(cards, old, strict=True):
        event = card.events.get()
        assert (card.status, card.status_since) == (CardStatus.SEALED, AFTER)
        assert (event.from_status, event.to_status, event.at) == ("", "SEALED", AFTER)
        assert (event.holder_id, event.facts) == (before.holder_id, {"line": 1})
    assert engine.begin_rows(Card, {"holder": []}, CardAction.ISSUE, at=AFTER, **AS_WORKER) == []


# --- What the clock has ended ---------------------------------------------------------------------


def over():
    """The card of a temporary loss whose end has passed by `AFTER`."""
    return make_loss_report(at=AT + timedelta(days=1)).card


def confirm(rows, **options):
    reviewer = {"by": make_reviewer(), "role": Role.REVIEWER, "channel": "ADMIN"}
    return move_all(rows, CardAction.CONFIRM_LOSS, at=AFTER, **reviewer | options)


@pytest.mark.parametrize("each", [None, lambda rows: {row.pk: Own() for row in rows}])
def test_a_set_writes_the_end_down_before_another_move(each):
    card, running = over(), make_card(CardStatus.ACTIVE)
    end = card.suspended_until
    assert confirm(Card.objects.all(), each=each).done == 2
    card.refresh_from_db()
    assert (card.status, card.suspended_until) == (CardStatus.LOST, None)
    expired, lost = card.events.order_by("pk")[3:]
    assert (expired.action, expired.due_at, expired.role) == ("EXPIRE", end, Role.WORKER)
    assert (lost.action, lost.from_status, lost.to_status) == ("CONFIRM_LOSS", "ACTIVE", "LOST")
    assert LossReport.objects.get().status == LossReportStatus.EXPIRED
    assert not running.events.filter(action="EXPIRE").exists()


def test_each_is_asked_about_the_status_that_the_clock_has_brought():
    over()
    seen = []

    def each(rows):
        seen.extend((row.status, row.suspended_until) for row in rows)
        return {row.pk: Own() for row in rows}

    confirm(Card.objects.all(), each=each)
    assert seen == [(CardStatus.ACTIVE, None)]


def test_a_set_moves_whom_the_clock_has_brought_there_and_leaves_whom_it_took_away():
    card = over()
    own = {"by": card.holder.user, "role": Role.HOLDER, "channel": "WEB", "at": AFTER}
    rows = Card.objects.filter(pk=card.pk)
    assert move_all(rows, CardAction.LIFT, **own).done == 0
    until = AFTER + timedelta(days=7)
    assert move_all(rows, CardAction.REPORT_LOSS, suspended_until=until, **own).done == 1
    actions = card.events.order_by("pk").values_list("action", flat=True)
    assert list(actions)[-2:] == ["EXPIRE", "REPORT_LOSS"]


@pytest.mark.parametrize(
    "move",
    [
        lambda card, **details: engine.move_set([card], CardAction.RETIRE, **details),
        lambda card, **details: engine.move_keys(Card, [card.pk], CardAction.RETIRE, **details),
    ],
)
def test_a_set_writes_the_end_down_too(move):
    card = over()
    card.refresh_from_db()
    move(card, at=AFTER, **AS_WORKER)
    card.refresh_from_db()
    assert card.status == CardStatus.RETIRED
    actions = card.events.order_by("pk").values_list("action", "from_status")
    assert list(actions)[-2:] == [("EXPIRE", "SUSPENDED"), ("RETIRE", "ACTIVE")]


# --- Parked ---------------------------------------------------------------------------------------


def test_what_cannot_go_is_parked_before_the_next_portion_in_place_of_a_setback(monkeypatch):
    monkeypatch.setattr(sweep, "CHUNK", 2)
    cards = [make_card(CardStatus.ACTIVE) for _ in range(4)]
    bad = {cards[0].pk: Refused("等回盘", code="x"), cards[3].pk: Refused("缺号", code="x")}
    parked = []

    def park(left):
        parked.append((left, Card.objects.filter(status=CardStatus.LOST).count()))

    found = confirm(
        Card.objects.order_by("pk"),
        each=lambda rows: {row.pk: bad.get(row.pk, Own()) for row in rows},
        park=park,
    )
    assert parked == [({cards[0].pk: "等回盘"}, 1), ({cards[3].pk: "缺号"}, 2)]
    assert (found.done, len(found.left)) == (2, 2)
    assert not Setback.objects.exists()
