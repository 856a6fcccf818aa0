"""The bureau's list against the box."""

import pytest

from apps.common.refusals import Refused
from apps.handout import counting, packing
from apps.handout.enums import BoxCardStatus, BoxStatus
from apps.handout.models import BoxCard
from tests.factories.boxes import ARRIVED, make_box, make_sent_to_unit
from tests.factories.cards import dispatch, make_request
from tests.factories.payments import UNIT, go_on_addressed

pytestmark = pytest.mark.django_db


def status_of(card_request):
    return BoxCard.objects.get(card_request=card_request).status


def test_what_was_sent_to_the_unit_is_listed_once():
    make_sent_to_unit()
    make_request("DISPATCHED")
    assert packing.pack_sent(at=ARRIVED, limit=10) == 1
    assert packing.pack_sent(at=ARRIVED, limit=10) == 0
    row = BoxCard.objects.get()
    assert (row.status, row.box.number) == (BoxCardStatus.EXPECTED, "1000000000001")


def test_missing_and_surplus_cards_are_named(handler):
    found, lost, mailed = make_sent_to_unit(), make_sent_to_unit(), make_request("DISPATCHED")
    box = make_box(handler, found, lost, counted=[found])
    extra = counting.count(box=box, text=mailed.card.card_number, by=handler, at=ARRIVED)
    unknown = counting.count(box=box, text="ZZ9999999", by=handler, at=ARRIVED)
    assert counting.check(box=box, by=handler, at=ARRIVED) == 1
    assert status_of(found) == BoxCardStatus.IN_BOX
    assert status_of(lost) == BoxCardStatus.MISSING
    assert {extra.row.status, unknown.row.status} == {BoxCardStatus.SURPLUS}
    assert unknown.row.unknown_number == "ZZ9999999"


def test_the_same_card_twice_changes_nothing(handler):
    card_request = make_sent_to_unit()
    box = make_box(handler, card_request, counted=[card_request])
    again = counting.count(box=box, text=card_request.card.card_number, by=handler, at=ARRIVED)
    assert again.words == "这张已经点过了。"
    counting.count(box=box, text="ZZ9999999", by=handler, at=ARRIVED)
    counting.count(box=box, text="zz 9999999", by=handler, at=ARRIVED)
    assert box.cards.filter(status=BoxCardStatus.SURPLUS).count() == 1


def test_a_missing_card_that_turns_up_is_counted(handler):
    found, late = make_sent_to_unit(), make_sent_to_unit()
    box = make_box(handler, found, late, counted=[found])
    counting.check(box=box, by=handler, at=ARRIVED)
    with pytest.raises(Refused) as refusal:
        counting.count(box=box, text=late.card.card_number, by=handler, at=ARRIVED)
    assert refusal.value.code == "not_open"
    counting.reopen(box=box, by=handler, at=ARRIVED)
    counting.count(box=box, text=late.card.card_number, by=handler, at=ARRIVED)
    assert status_of(late) == BoxCardStatus.IN_BOX


def test_a_surplus_card_joins_the_list_when_the_bureau_reports_it(handler):
    first = make_sent_to_unit()
    box = make_box(handler, first, counted=[first])
    unreported = go_on_addressed(make_request("SUBMITTED"), "PRODUCED", **UNIT)
    counting.count(box=box, text=unreported.card.card_number, by=handler, at=ARRIVED)
    dispatch(unreported, at=ARRIVED)
    packing.pack_sent(at=ARRIVED, limit=10)
    assert status_of(unreported) == BoxCardStatus.IN_BOX


@pytest.mark.parametrize("typed", ["", "12345", "中文卡号中文卡号中", "A" * 20])
def test_what_is_no_number_is_refused(handler, typed):
    card_request = make_sent_to_unit()
    box = make_box(handler, card_request)
    with pytest.raises(Refused) as refusal:
        counting.count(box=box, text=typed, by=handler, at=ARRIVED)
    assert refusal.value.code == "number"
    assert box.status == BoxStatus.OPEN
