"""What is offered on the way to a new card, and that the services agree with it."""

from datetime import timedelta

import pytest

from apps.cards.enums import CardStatus, ReplacementReason, RequestStatus
from apps.cards.models import Card
from apps.replacement import services
from apps.replacement.enums import FormalLossAction
from apps.replacement.offers import BEGIN, offers, offers_of
from tests.factories.cards import (
    accept,
    approve,
    make_card,
    make_request,
    pay,
    produce,
    reject,
    submit,
)
from tests.factories.formal_losses import (
    DECLARED,
    declare,
    make_formal_loss,
    make_lost_card,
    make_replacement_draft,
)
from tests.factories.people import make_holder, make_ward
from tests.kept_offers import assert_kept

pytestmark = pytest.mark.django_db

LATER = DECLARED + timedelta(days=1)
DECLARE = FormalLossAction.DECLARE
TAKE_BACK = FormalLossAction.TAKE_BACK


def fresh(card):
    return Card.objects.select_related("holder__user", "city", "bank").get(pk=card.pk)


def offered(card, *, by=None, at=LATER):
    return offers(fresh(card), by=by or card.holder.user, at=at)


def open_actions(card, **options):
    return {offer.action for offer in offered(card, **options).open}


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (CardStatus.SEALED, set()),
        (CardStatus.ACTIVE, {DECLARE}),
        (CardStatus.SUSPENDED, {DECLARE}),
        (CardStatus.LOST, {BEGIN}),
        (CardStatus.RETIRED, set()),
    ],
)
def test_each_status_offers_what_can_be_done_then(status, expected):
    assert open_actions(make_card(status)) == expected


def do_begin(card):
    user = card.holder.user
    services.start(
        card=card,
        reason=ReplacementReason.LOST,
        city=card.city,
        bank=card.bank,
        ip="127.0.0.1",
        by=user,
        at=LATER,
    )


def do_declare(card):
    declare(card, at=LATER)


@pytest.mark.parametrize("status", CardStatus)
@pytest.mark.parametrize(("action", "do"), [(BEGIN, do_begin), (DECLARE, do_declare)])
def test_no_offer_ends_in_a_refusal_and_a_closed_one_says_what_the_service_says(status, action, do):
    card = fresh(make_card(status))
    assert_kept(offered(card).of(action), lambda: do(card))


def test_a_declaration_that_waits_can_be_taken_back_and_not_be_repeated():
    loss = make_formal_loss()
    assert open_actions(loss.card) == {TAKE_BACK}
    found = offered(loss.card)
    assert found.of(TAKE_BACK).is_post
    assert "等待审核老师确认" in found.of(BEGIN).why_not
    services.take_back(loss=loss, by=loss.declared_by, at=LATER)
    assert open_actions(loss.card) == {DECLARE}


def test_a_confirmed_one_cannot_be_taken_back():
    card = make_lost_card()
    found = offered(card)
    assert found.main.action == BEGIN
    assert "可以申请补换新卡" in found.main.hint
    assert not found.of(TAKE_BACK).is_open


def test_a_replacement_under_way_is_not_begun_again():
    draft = make_replacement_draft()
    begin = offered(draft.old_card).of(BEGIN)
    assert begin.why_not == "补领申请：填写中。"
    assert begin.next_step == ("继续办理", draft.get_absolute_url())
    at = draft.status_since + timedelta(minutes=5)
    submit(draft, at=at)
    assert offered(draft.old_card, at=at).of(BEGIN).next_step[0] == "查看补换进度"


def test_a_card_that_its_replacement_has_retired_says_so():
    draft = make_replacement_draft()
    at = draft.status_since
    for minute, step in enumerate((submit, pay, accept, approve, produce), start=1):
        step(draft, at=at + timedelta(minutes=minute))
    begin = offered(draft.old_card, at=at + timedelta(hours=1)).of(BEGIN)
    assert "已经注销" in begin.why_not


def test_after_a_rejection_it_can_be_begun_again():
    draft = make_replacement_draft()
    at = draft.status_since
    for minute, step in enumerate((submit, pay, accept), start=1):
        step(draft, at=at + timedelta(minutes=minute))
    late = at + timedelta(hours=1)
    reject(draft, at=late)
    begin = offered(draft.old_card, at=late).of(BEGIN)
    assert begin.is_open
    assert "上次补换审核没有通过" in begin.hint


def test_a_new_card_that_is_not_sent_yet_leads_to_its_progress():
    card = make_request(RequestStatus.PRODUCED).card
    begin = offered(card).of(BEGIN)
    assert "还没有发出" in begin.why_not
    assert begin.next_step == ("查看制卡进度", card.card_request.get_absolute_url())


def test_a_child_is_replaced_at_the_counter_but_its_loss_can_be_declared():
    guardian = make_holder()
    card = make_card(holder=make_ward(guardian), by=guardian.user)
    found = offered(card, by=guardian.user)
    assert found.main is None
    assert "不能在网上补换" in found.of(BEGIN).why_not
    assert found.of(DECLARE).is_open
    assert "新卡仍要到网点办理" in found.of(DECLARE).hint


@pytest.mark.parametrize("count", [2, 6])
def test_the_offers_of_many_cards_take_two_queries(count, django_assert_num_queries):
    guardian = make_holder()
    cards = [make_card(holder=make_ward(guardian), by=guardian.user) for _ in range(count)]
    with django_assert_num_queries(2):
        assert len(offers_of(cards, by=guardian.user, at=LATER)) == count
