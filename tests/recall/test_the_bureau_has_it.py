"""An approval can be taken back for a while, and never after the request left for the bureau."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from apps.bulk import services as bulk
from apps.bureau import production
from apps.bureau.models import ProductionOrder
from apps.cards.enums import RequestAction, RequestStatus
from apps.cards.models import CardRequest
from apps.cards.permissions import MayNotReview
from apps.common.deadlines import Deadline
from apps.events.models import Event
from apps.lateness.services import tell_overdue
from apps.lifecycle.refusals import NotAllowed
from apps.recall import services as recalling
from apps.recall.policies import TooLateToRecall
from apps.requests.event_kinds import LATE
from apps.review.enums import QueueStage
from apps.waiting import timeline
from apps.waiting.standing import standing
from apps.waiting.status_words import Actor
from tests.bulk.steps import prepare, work_off
from tests.contests import at_once
from tests.dates import in_words
from tests.factories.cards import approve, make_calm, make_request
from tests.factories.people import make_holder, make_reviewer, make_user

WINDOW = timedelta(minutes=10)
MOMENT = timedelta(microseconds=1)


@pytest.fixture(autouse=True)
def _window(settings):
    settings.DECISION_UNDO_WINDOW = WINDOW


def recall(card_request, *, at, by=None):
    recalling.recall(card_request=card_request, by=by or make_reviewer(), at=at)


def stored(card_request):
    return CardRequest.objects.get(pk=card_request.pk)


@pytest.mark.django_db
def test_a_recalled_approval_waits_for_a_review_again():
    card_request = make_request(RequestStatus.APPROVED)
    at = card_request.status_since + WINDOW - MOMENT
    reviewer = make_reviewer()
    recall(card_request, at=at, by=reviewer)
    assert (stored(card_request).status, stored(card_request).status_since) == (
        RequestStatus.ACCEPTED,
        at,
    )
    assert card_request.events.latest("pk").by == reviewer
    approve(card_request, at=at + WINDOW)
    assert stored(card_request).status == RequestStatus.APPROVED


def at_four(day):
    return datetime(2026, 11, day, 16, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def recalled_alone(card_request, *, at):
    approve(card_request, at=at)
    recall(stored(card_request), at=at + WINDOW / 2)


def recalled_twice(card_request, *, at):
    recalled_alone(card_request, at=at)
    recalled_alone(stored(card_request), at=at + WINDOW)


def recalled_in_bulk(card_request, *, at):
    reviewer = make_reviewer()
    run = prepare(card_request, by=reviewer, at=at)
    bulk.start(run=run, by=reviewer, at=at)
    work_off(at=at)
    run.refresh_from_db()
    bulk.recall(run=run, by=reviewer, at=at + WINDOW / 2)
    work_off(at=at + WINDOW / 2)


@pytest.mark.django_db
@pytest.mark.parametrize("recalled", [recalled_alone, recalled_twice, recalled_in_bulk])
def test_the_promised_day_of_a_review_stays_when_its_approval_is_recalled(
    client, monkeypatch, recalled
):
    """Accepted on a Monday, approved and recalled on the Thursday that was promised."""
    card_request = make_calm(at=at_four(23))
    user = card_request.applicant
    later = make_calm(at=at_four(24))
    recalled(card_request, at=at_four(26))
    row = stored(card_request)
    assert row.status == RequestStatus.ACCEPTED
    assert row.promised_from == row.waits_since < row.status_since
    monkeypatch.setattr("django.utils.timezone.now", lambda: at_four(27))
    client.force_login(user)
    for url in (row.get_absolute_url(), reverse("home:home")):
        page = in_words(client.get(url).content.decode())
        assert "11月26日（周四）24:00" in page
        assert "超" in page
    client.force_login(make_reviewer())
    case = client.get(reverse("admin:cards_cardrequest_change", args=[row.reference]))
    assert "应在 <b>11月26日（周四）24:00 前</b>办结" in in_words(case.content.decode())
    index = reverse("admin:cards_cardrequest_changelist")
    listed = client.get(index, {"age": "overdue"}).content.decode()
    assert row.reference in listed
    assert later.reference not in listed
    whole = client.get(index, {"stage": QueueStage.WAITING}).content.decode()
    assert whole.index(row.reference) < whole.index(later.reference)
    assert tell_overdue(at=at_four(27), deadline=Deadline(60)) == 1
    assert Event.objects.about(LATE, row).get().facts["promised"] == "2026-11-26"


@pytest.mark.django_db
def test_what_comes_after_a_recalled_approval_is_promised_anew():
    card_request = make_calm(at=at_four(23))
    recalled_alone(card_request, at=at_four(26))
    approve(stored(card_request), at=at_four(30))
    row = stored(card_request)
    assert row.review_since is None
    assert row.promised_from == row.waits_since == at_four(30)


@pytest.mark.django_db
def test_the_window_ends_to_the_moment_and_the_bureau_gets_the_request_then():
    card_request = make_request(RequestStatus.APPROVED)
    end = card_request.status_since + WINDOW
    assert production.make_batch(at=end - MOMENT, limit=10) is None
    with pytest.raises(TooLateToRecall, match="too_late"):
        recall(card_request, at=end)
    assert production.make_batch(at=end, limit=10).orders.get().card_request == card_request


@pytest.mark.django_db
def test_what_the_bureau_has_cannot_be_recalled_however_early_it_is_asked():
    card_request = make_request(RequestStatus.APPROVED)
    production.make_batch(at=card_request.status_since + WINDOW, limit=10)
    with pytest.raises(TooLateToRecall, match="at_the_bureau"):
        recall(card_request, at=card_request.status_since)
    assert stored(card_request).status == RequestStatus.APPROVED


@pytest.mark.django_db
def test_a_recalled_request_does_not_leave_for_the_bureau():
    card_request = make_request(RequestStatus.APPROVED)
    recall(card_request, at=card_request.status_since)
    assert production.make_batch(at=card_request.status_since + 2 * WINDOW, limit=10) is None
    assert not ProductionOrder.objects.exists()


@pytest.mark.django_db
def test_without_a_window_nothing_can_be_recalled_and_nothing_waits(settings):
    settings.DECISION_UNDO_WINDOW = timedelta(0)
    card_request = make_request(RequestStatus.APPROVED)
    with pytest.raises(TooLateToRecall):
        recall(card_request, at=card_request.status_since)
    assert production.make_batch(at=card_request.status_since, limit=10) is not None


@pytest.mark.django_db
def test_neither_a_stranger_nor_a_party_recalls_an_approval():
    own = make_holder(user=make_reviewer())
    card_request = make_request(RequestStatus.APPROVED, holder=own)
    for nobody in (make_user(is_staff=True), own.user):
        with pytest.raises(MayNotReview):
            recall(card_request, at=card_request.status_since, by=nobody)
    assert stored(card_request).status == RequestStatus.APPROVED


@pytest.mark.django_db
def test_only_an_approval_is_recalled():
    card_request = make_request(RequestStatus.ACCEPTED)
    with pytest.raises(NotAllowed):
        recall(card_request, at=card_request.status_since)


@pytest.mark.django_db
def test_the_applicant_s_timeline_says_that_the_approval_was_taken_back():
    card_request = make_request(RequestStatus.APPROVED)
    approved = timeline.nodes(
        card_request, card_request.events.order_by("pk"), at=card_request.status_since
    )
    assert [node.label for node in approved if node.at][-1] == "审核通过"

    recall(card_request, at=card_request.status_since + timedelta(minutes=1))

    nodes = timeline.nodes(
        card_request, card_request.events.order_by("pk"), at=card_request.status_since
    )
    last = [node for node in nodes if node.at][-1]
    assert (last.action, last.state) == (RequestAction.RECALL, timeline.NodeState.WARN)
    (current,) = [node for node in nodes if node.state.is_current]
    assert (current.action, current.label) == (RequestAction.APPROVE, "审核中")
    assert (
        standing(card_request, shipment=None, at=card_request.status_since).actor == Actor.REVIEWER
    )


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_a_recall_and_the_bureau_s_batch_exactly_one_wins():
    for _ in range(20):
        card_request = make_request(RequestStatus.APPROVED)
        end = card_request.status_since + WINDOW
        reviewer = make_reviewer()
        too_late = at_once(
            lambda card_request=card_request, by=reviewer, at=end - MOMENT: recall(
                stored(card_request), at=at, by=by
            ),
            lambda at=end: production.make_batch(at=at, limit=10),
        )
        is_ordered = ProductionOrder.objects.filter(card_request=card_request).exists()
        assert [refusal.code for refusal in too_late] == ["at_the_bureau"] * is_ordered
        status = RequestStatus.APPROVED if is_ordered else RequestStatus.ACCEPTED
        assert stored(card_request).status == status


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_recalls_one_wins():
    card_request = make_request(RequestStatus.APPROVED)
    one, two = make_reviewer(), make_reviewer()
    at = card_request.status_since
    refused = at_once(
        lambda: recall(stored(card_request), at=at, by=one),
        lambda: recall(stored(card_request), at=at, by=two),
    )
    assert len(refused) == 1
    assert card_request.events.filter(action=RequestAction.RECALL).count() == 1
