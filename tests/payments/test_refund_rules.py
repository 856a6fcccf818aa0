"""A rule for a refund is one entry: which move of a request gives money back, in which words."""

from datetime import timedelta

import pytest

from apps.cards.enums import RequestAction
from apps.cards.lifecycle import REQUEST
from apps.events.enums import AS_WORKER, Role
from apps.lifecycle import engine
from apps.payments import refunds, sweeps
from apps.payments.enums import PaymentAction, PaymentStatus
from apps.payments.lifecycle import PAYMENT
from apps.payments.refunds import REFUNDS, Refund
from apps.requests.policies import settled_after
from tests.factories.cards import accept, approve, reject
from tests.factories.payments import make_paid

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def accepted():
    """A paid payment, its request accepted."""
    payment = make_paid()
    payment.card_request.refresh_from_db()
    accept(payment.card_request, at=payment.card_request.status_since + MINUTE)
    return payment


def test_the_money_goes_back_once_the_rejection_can_no_longer_be_recalled(accepted):
    card_request = accepted.card_request
    reject(card_request, at=card_request.status_since + MINUTE)
    at = card_request.status_since + settled_after()
    assert sweeps.begin_refunds(at=at - timedelta(microseconds=1)) == 0
    accepted.refresh_from_db()
    assert accepted.status == PaymentStatus.PAID
    ahead = accepted.shown_at(at - MINUTE)
    assert ahead.title == "款项将原路退回"
    assert "撤回决定的，申请继续办理，款项不退" in ahead.text
    assert sweeps.begin_refunds(at=at) == 1
    accepted.refresh_from_db()
    assert accepted.status == PaymentStatus.REFUNDING
    assert (accepted.refund_reason, accepted.next_check_at) == ("审核不通过", at)
    event = accepted.events.last()
    assert (event.action, event.role, event.reason) == ("REFUND", Role.WORKER, "审核不通过")


def test_without_a_window_the_refund_is_due_at_once(accepted, settings):
    settings.DECISION_UNDO_WINDOW = timedelta(0)
    card_request = accepted.card_request
    reject(card_request, at=card_request.status_since + MINUTE)
    assert sweeps.begin_refunds(at=card_request.status_since) == 1


def test_the_words_of_a_reviewer_do_not_go_to_the_gateway(accepted):
    reject(accepted.card_request, at=accepted.card_request.status_since + MINUTE)
    sweeps.begin_refunds(at=accepted.card_request.status_since + settled_after())
    accepted.refresh_from_db()
    assert accepted.refund_reason
    assert "照片不是本人" not in accepted.refund_reason


def test_a_rule_of_a_test_gives_back_what_the_bureau_could_not_make(accepted, monkeypatch):
    monkeypatch.setitem(
        REFUNDS, RequestAction.FAIL, Refund("制卡失败", "制卡失败的，邮寄费原路退回。")
    )
    monkeypatch.setitem(PAYMENT.follows.moves, RequestAction.FAIL, PaymentAction.REFUND)
    card_request = accepted.card_request
    at = card_request.status_since + MINUTE
    approve(card_request, at=at)
    engine.move(card_request, RequestAction.FAIL, at=at + MINUTE, **AS_WORKER)
    accepted.refresh_from_db()
    assert (accepted.status, accepted.refund_reason) == (PaymentStatus.REFUNDING, "制卡失败")
    assert refunds.words(RequestAction.FAIL) == "制卡失败的，邮寄费原路退回。"


def test_every_rule_names_a_move_of_a_request_and_says_what_it_promises():
    assert set(REFUNDS) <= set(REQUEST.moves)
    assert all(rule.reason and rule.words.endswith("。") for rule in REFUNDS.values())
    assert refunds.words(RequestAction.APPROVE) == ""
