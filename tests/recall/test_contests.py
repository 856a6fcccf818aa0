"""A recall at the moment at which somebody else acts: exactly one of them wins."""

import pytest

from apps.cards.lifecycle import RECALLABLE
from apps.cards.models import CardRequest
from apps.payments import sweeps
from apps.payments.enums import PaymentStatus
from apps.payments.models import Payment
from apps.requests.models import Particulars
from apps.requests.policies import settled_after
from tests.contests import at_once
from tests.factories.cards import make_draft, make_request
from tests.factories.people import make_reviewer
from tests.recall.steps import MINUTE, MOMENT, A, S, paid, recall, stored, type_phone
from tests.soundness import assert_sound


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("status", RECALLABLE)
def test_of_two_reviewers_who_recall_one_wins(status):
    card_request = make_request(status)
    one, two, at = make_reviewer(), make_reviewer(), card_request.status_since + MINUTE
    refused = at_once(
        lambda: recall(card_request, at=at, by=one), lambda: recall(card_request, at=at, by=two)
    )
    assert len(refused) == 1
    assert card_request.events.filter(action=A.RECALL).count() == 1
    assert_sound()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_a_recall_and_what_the_applicant_types_exactly_one_wins():
    for _ in range(10):
        card_request, reviewer = make_request(S.NEEDS_AMENDMENT), make_reviewer()
        at = card_request.status_since + MINUTE
        refused = at_once(
            lambda card_request=card_request, at=at, by=reviewer: recall(
                card_request, at=at, by=by
            ),
            lambda card_request=card_request, at=at: type_phone(stored(card_request), "138", at=at),
        )
        assert len(refused) == 1
        is_typed = Particulars.objects.get(card_request=card_request).saved_at == at
        assert stored(card_request).status == (S.NEEDS_AMENDMENT if is_typed else S.ACCEPTED)
    assert_sound()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_a_recall_at_the_last_second_and_the_refund_exactly_one_wins(settings):
    for _ in range(10):
        card_request, reviewer = paid(S.REJECTED), make_reviewer()
        since = card_request.status_since
        refused = at_once(
            lambda card_request=card_request, since=since, by=reviewer: recall(
                card_request, at=since + settings.DECISION_UNDO_WINDOW - MOMENT, by=by
            ),
            lambda since=since: sweeps.begin_refunds(at=since + settled_after()),
        )
        payment = Payment.objects.get(card_request=card_request)
        is_refunded = payment.status == PaymentStatus.REFUNDING
        assert [refusal.code for refusal in refused] == ["refunded"] * is_refunded
        assert stored(card_request).status == (S.REJECTED if is_refunded else S.ACCEPTED)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_a_recall_and_a_new_request_exactly_one_wins():
    for _ in range(10):
        card_request, reviewer = make_request(S.REJECTED), make_reviewer()
        at = card_request.status_since + MINUTE
        refused = at_once(
            lambda card_request=card_request, at=at, by=reviewer: recall(
                card_request, at=at, by=by
            ),
            lambda card_request=card_request, at=at: make_draft(holder=card_request.holder, at=at),
        )
        assert len(refused) == 1
        assert CardRequest.objects.in_flight().filter(holder=card_request.holder).count() == 1
