"""The bureau's list against the box."""

import pytest
from django.urls import reverse

from apps.common.deadlines import Deadline
from apps.common.refusals import Refused
from apps.events.models import Event
from apps.handout import arranging, counting, packing, standing
from apps.handout.enums import BoxCardAction, BoxCardStatus, BoxStatus
from apps.handout.lifecycle import BOX_CARD
from apps.handout.models import BoxCard
from apps.handout_desk import lists
from tests.factories.boxes import ARRIVED, make_box, make_day, make_sent_to_unit, make_waiting
from tests.factories.cards import dispatch, make_request
from tests.factories.payments import UNIT, go_on_addressed
from tests.factories.people import make_holder

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


def test_a_card_that_was_counted_by_mistake_is_expected_again(handler):
    card_request, other = make_sent_to_unit(), make_sent_to_unit()
    box = make_box(handler, card_request, other, counted=[card_request])
    row = BoxCard.objects.get(card_request=card_request)
    counting.uncount(box=box, row=row, by=handler, at=ARRIVED)
    assert status_of(card_request) == BoxCardStatus.EXPECTED
    assert counting.check(box=box, by=handler, at=ARRIVED) == 2
    counting.reopen(box=box, by=handler, at=ARRIVED)
    number = card_request.card.card_number
    counting.count(box=box, text=number, by=handler, at=ARRIVED)
    assert status_of(card_request) == BoxCardStatus.IN_BOX


def test_who_was_asked_to_come_for_a_card_that_is_not_there_hears_that_it_is_off(handler):
    row = make_waiting(handler, holder=make_holder(department="化学学院"))
    make_day(handler, department=row.department)
    arranging.invite_due(at=ARRIVED, deadline=Deadline(5))
    row = BoxCard.objects.select_related("day").get()
    assert row.day is not None
    counting.uncount(box=row.box, row=row, by=handler, at=ARRIVED)
    row = BoxCard.objects.get()
    assert (row.status, row.day, row.invited_at) == (BoxCardStatus.EXPECTED, None, None)
    told = Event.objects.about(BOX_CARD, row).order_by("pk").values_list("action", flat=True)
    assert list(told)[-2:] == [BoxCardAction.CALL_OFF, BoxCardAction.UNCOUNT]
    place = Event.objects.about(BOX_CARD, row).get(action=BoxCardAction.CALL_OFF).facts["place"]
    assert place == "化学楼 301"


def test_a_mistyped_number_is_no_surplus_card(handler):
    card_request = make_sent_to_unit()
    box = make_box(handler, card_request)
    typed = counting.count(box=box, text="ZZ9999999", by=handler, at=ARRIVED)
    counting.uncount(box=box, row=typed.row, by=handler, at=ARRIVED)
    assert not box.cards.filter(status=BoxCardStatus.SURPLUS).exists()
    assert lists.boxes().get().listed == 1
    again = counting.count(box=box, text="ZZ9999999", by=handler, at=ARRIVED)
    assert again.row.pk != typed.row.pk


def test_a_counted_box_is_opened_before_its_cards_are_changed(handler):
    card_request = make_sent_to_unit()
    box = make_box(handler, card_request, counted=[card_request])
    counting.check(box=box, by=handler, at=ARRIVED)
    with pytest.raises(Refused) as refusal:
        counting.uncount(box=box, row=BoxCard.objects.get(), by=handler, at=ARRIVED)
    assert refusal.value.code == "not_open"


def test_the_page_of_the_box_takes_it_back(desk, handler):
    card_request = make_sent_to_unit()
    box = make_box(handler, card_request)
    page, count = ("admin:handout_box_change", "admin:handout_box_count")
    desk.post(reverse(count, args=[box.reference]), {"number": "ZZ9999999"})
    html = desk.get(reverse(page, args=[box.reference])).content.decode()
    row = box.cards.get(status=BoxCardStatus.SURPLUS)
    url = reverse("admin:handout_box_uncount", args=[box.reference])
    assert f'action="{url}"' in html
    assert f'value="{row.reference}"' in html
    done = desk.post(url, {"row": row.reference}, follow=True).content.decode()
    assert "已记下：没有多出这张卡。" in done
    assert url not in done
    again = desk.post(url, {"row": row.reference}, follow=True).content.decode()
    assert "已记下" not in again
    assert desk.post(url, {"row": "0"}).status_code == 404


def test_the_card_of_a_surplus_that_was_given_back_looks_as_its_request(handler):
    card_request = make_sent_to_unit()
    box = make_box(handler, card_request)
    mailed = make_request("DISPATCHED")
    counting.count(box=box, text=mailed.card.card_number, by=handler, at=ARRIVED)
    counting.give_back(rows=box.cards.filter(card=mailed.card), seen=1, by=handler, at=ARRIVED)
    face = standing.faces([mailed.holder], at=ARRIVED)[mailed.holder.pk]
    assert face.words != "已退回"
