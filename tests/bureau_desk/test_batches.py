"""The batches: why one did not leave, how far the others are."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.bureau import batches, production
from apps.bureau.enums import BatchAction
from apps.bureau.models import ProductionBatch
from apps.bureau.models.production import BatchState
from apps.cards.enums import RequestStatus
from tests.bureau_desk.pages import text, url
from tests.factories.bureau import (
    HEARD,
    LATER,
    failed,
    hear,
    made,
    make_orders,
    sent,
)
from tests.factories.cards import make_request

pytestmark = pytest.mark.django_db


def failing_batch():
    make_request(RequestStatus.APPROVED)
    batch = production.make_batch(at=LATER, limit=10)
    ProductionBatch.objects.update(
        last_error="送制目录写不进去。", tries=3, next_try_at=HEARD + timedelta(days=999)
    )
    return batch


def test_a_batch_that_cannot_leave_says_how_often_it_was_tried_and_why(client, supervisor):
    failing_batch()
    page = text(client.get(url("productionbatch_changelist")))
    assert "送出失败" in page
    assert "试过 3 次：送制目录写不进去。" in page


def test_a_supervisor_lets_a_batch_be_tried_again_now(client, supervisor):
    batch = failing_batch()
    client.post(url("productionbatch_retry", batch.reference))
    assert production.submit_batches(at=timezone.now(), limit=10) == 1
    event = batch.events.get(action=BatchAction.RETRY)
    assert (event.by, event.reference, event.facts) == (supervisor, batch.reference, {"tries": 3})


def test_a_batch_that_has_left_is_not_sent_again(client, supervisor):
    [order] = make_orders(1)
    page = client.post(url("productionbatch_retry", order.batch.reference), follow=True)
    assert "已经送出，不用再送" in text(page)
    assert not order.batch.events.filter(action=BatchAction.RETRY).exists()


def test_a_batch_shows_its_orders_masked_and_leads_a_failure_to_its_case(client, supervisor):
    first, second = make_orders(2)
    hear(failed(first), made(second), sent(second))
    page = text(client.get(url("productionbatch_change", first.batch.reference)))
    assert "银行预开户失败" in page
    assert reverse("admin:cards_cardrequest_change", args=[first.card_request.reference]) in page
    assert first.card_request.holder.name not in page
    assert "*超" in page
    assert "A00000001" not in page
    assert page.index(first.reference) < page.index(second.reference), "failures come first"


def test_the_state_of_a_batch_follows_from_its_orders():
    first, second = make_orders(2)

    def states():
        return [state for state in BatchState if ProductionBatch.objects.in_state(state).exists()]

    def derived():
        [batch] = ProductionBatch.objects.all()
        return [batches.progress([batch], at=HEARD)[batch.pk].state]

    assert states() == derived() == [BatchState.WITH_BUREAU]
    hear(failed(first))
    assert states() == derived() == [BatchState.PARTLY]
    hear(made(second))
    assert states() == derived() == [BatchState.PARTLY]
    hear(sent(second))
    assert states() == derived() == [BatchState.DONE]
    ProductionBatch.objects.update(status="WAITING")
    assert states() == derived() == [BatchState.WAITING]
    ProductionBatch.objects.update(last_error="x")
    assert states() == derived() == [BatchState.FAILING]


def test_a_batch_is_measured_against_the_promise():
    [order] = make_orders(1)
    rule = order.card_request.rule
    [batch] = ProductionBatch.objects.all()
    now = batches.progress([batch], at=LATER)[batch.pk]
    assert (now.days, now.limit_days, now.is_overdue) == (0, rule.produce_days, False)
    later = batches.progress([batch], at=LATER + timedelta(days=60))[batch.pk]
    assert later.is_overdue
    hear(made(order))
    after = batches.progress([batch], at=LATER)[batch.pk]
    assert after.limit_days == rule.produce_days + rule.dispatch_days


@pytest.mark.parametrize("of", ["batch", "order", "card_request"])
def test_a_batch_is_found_by_any_of_its_numbers(client, supervisor, of):
    [order] = make_orders(1)
    make_orders(1)
    number = {"batch": order.batch, "order": order, "card_request": order.card_request}[
        of
    ].reference
    answer = client.get(url("productionbatch_changelist"), {"q": number.lower()})
    assert [batch for batch, _ in answer.context["rows"]] == [order.batch]
