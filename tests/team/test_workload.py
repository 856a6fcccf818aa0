"""Cases decided and time spent, held against the events that were written."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import RequestStatus
from apps.common.moments import day_of
from apps.desk import roles
from apps.desk.claims import services as claims
from apps.recall import services as recalling
from apps.requests import services as requests
from apps.review.losses import services as losses
from apps.team import figures
from tests.factories.cards import AT, make_request
from tests.factories.formal_losses import make_formal_loss
from tests.factories.people import make_colleague, make_holder, make_reviewer

pytestmark = pytest.mark.django_db

NINE = AT + timedelta(days=1)


def approve(*, by, at):
    card_request = make_request(RequestStatus.ACCEPTED)
    requests.approve(card_request=card_request, by=by, at=at)
    return card_request


def of(user, *, weeks=2, at=NINE + timedelta(days=1)):
    """[(decided, recalled, minutes)] of the weeks of `user`."""
    found = figures.workloads(weeks=weeks, at=at)
    (own,) = [work for work in found if work.user == user]
    return [(week.decided, week.recalled, week.minutes) for week in own.weeks]


def test_pauses_up_to_the_longest_count_and_breaks_do_not():
    reviewer, other = make_reviewer(), make_reviewer()
    for minutes in (0, 2, 17, 33, 35):
        approve(by=reviewer, at=NINE + timedelta(minutes=minutes))
    approve(by=other, at=NINE + timedelta(minutes=1))
    # 2, 15, a break of 16, 2.
    assert of(reviewer)[-1] == (5, 0, 19)
    assert of(other)[-1] == (1, 0, 0)


def test_a_week_begins_on_monday_and_a_night_is_no_pause():
    reviewer = make_reviewer()
    monday = figures.mondays(weeks=1, at=NINE)[0]
    sunday = NINE.replace(hour=15, minute=55) + (monday - timedelta(days=1) - day_of(NINE))
    approve_at = [sunday, sunday + timedelta(minutes=10)]  # 23:55 and 00:05 in Shanghai
    for at in approve_at:
        card_request = make_request(RequestStatus.ACCEPTED, at=sunday - timedelta(days=1))
        requests.approve(card_request=card_request, by=reviewer, at=at)
    assert of(reviewer) == [(1, 0, 0), (1, 0, 0)]


def test_a_recall_takes_its_decision_away():
    reviewer = make_reviewer()
    recalled = approve(by=reviewer, at=NINE)
    recalling.recall(card_request=recalled, by=make_reviewer(), at=NINE + timedelta(minutes=1))
    assert of(reviewer)[-1] == (0, 1, 0)
    requests.approve(card_request=recalled, by=reviewer, at=NINE + timedelta(minutes=2))
    assert of(reviewer)[-1] == (1, 1, 2)


def test_losses_count_as_well():
    reviewer, loss = make_reviewer(), make_formal_loss(at=AT)
    claims.claim(subject=loss, by=reviewer, at=NINE)
    since = loss.card.status_since
    losses.confirm(loss=loss, seen_since=since, by=reviewer, at=NINE)
    assert of(reviewer)[-1] == (1, 0, 0)


@pytest.mark.parametrize("number", [1, 6])
def test_it_costs_two_queries(number, django_assert_num_queries):
    for minute in range(number):
        approve(by=make_reviewer(), at=NINE + timedelta(minutes=minute))
    with django_assert_num_queries(2):
        figures.workloads(weeks=4, at=NINE + timedelta(days=1))


def test_the_team_lead_reads_it_and_a_reviewer_does_not(client):
    now = timezone.now()
    reviewer = make_holder(name="李审核", user=make_reviewer()).user
    card_request = make_request(RequestStatus.ACCEPTED, at=now - timedelta(hours=2))
    requests.approve(card_request=card_request, by=reviewer, at=now - timedelta(minutes=1))
    claims.claim(subject=make_request(RequestStatus.ACCEPTED), by=reviewer, at=now)
    workload, holding = reverse("admin:desk_claim_workload"), reverse("admin:desk_claim_changelist")
    client.force_login(make_colleague(roles.SUPERVISOR))
    page = client.get(workload).content.decode()
    assert "李审核" in page
    assert "<b>1 件</b>" in page
    assert "李审核" in client.get(holding).content.decode()
    client.force_login(reviewer)
    assert client.get(workload).status_code == client.get(holding).status_code == 403


def test_mondays_are_mondays():
    assert figures.mondays(weeks=2, at=NINE)[-1] == date(2026, 11, 23)
