"""What waits is counted alike from the kept counts and from the requests themselves."""

from datetime import timedelta

import pytest
from django.test import override_settings

from apps.backoffice.start.counts import groups_of, groups_of_desk
from apps.backoffice.start.request_counts import asks_of_requests, groups_of_requests
from apps.cards.enums import CardStatus
from apps.cards.models import CardRequest
from apps.common.moments import day_of
from apps.desk import roles
from apps.desk.claims.services import claim, postpone
from apps.people.models import Guardianship, User
from apps.replacement.models import FormalLoss
from apps.reporting import kept
from apps.reporting.counting import count_events
from apps.review import queue, second_review
from apps.review.children.views import waiting_for as registrations_for
from apps.review.losses.views import waiting_for as losses_for
from apps.review.models import FirstApproval
from tests.backoffice.start.steps import NOW, accepted, resubmitted, sent_back
from tests.factories.cards import make_card
from tests.factories.formal_losses import make_formal_loss
from tests.factories.people import (
    make_colleague,
    make_holder,
    make_registration,
    make_reviewer,
    make_ward,
)

pytestmark = pytest.mark.django_db


def summed(groups):
    """{(away, late, who holds it, how it came back): number}, and the oldest by how it came back"""
    numbers, oldest = {}, {}
    for group in groups:
        key = tuple(group[name] for name in ("is_away", "is_late", "hold", "came_back"))
        numbers[key] = numbers.get(key, 0) + group["count"]
        way = (group["is_away"], group["hold"], group["came_back"])
        oldest[way] = min(group["oldest_at"], oldest.get(way, group["oldest_at"]))
    return numbers, oldest


@pytest.fixture(scope="module")
def desk_of_every_kind(prepared):
    """A supervisor of a desk where requests of every kind wait."""
    yield from prepared(_a_desk_of_every_kind)


@override_settings(REVIEW_SECOND_REVIEW=True)
def _a_desk_of_every_kind():
    reviewer, colleague = make_colleague(roles.SUPERVISOR), make_reviewer()
    person = make_holder(user=reviewer)
    accepted(NOW - timedelta(hours=1), holder=person)
    accepted(NOW - timedelta(hours=1), holder=make_ward(person), by=reviewer)
    for days in (0, 20):
        since = NOW - timedelta(days=days)
        for wait in (accepted, resubmitted, sent_back):
            wait(since - timedelta(hours=2))
            claim(subject=wait(since - timedelta(hours=3)), by=reviewer, at=NOW)
            claim(subject=wait(since - timedelta(hours=3)), by=colleague, at=NOW)
            until = day_of(NOW) + timedelta(days=2)
            away = wait(since - timedelta(hours=4))
            postpone(subject=away, until=until, reason="", by=reviewer, at=NOW)
    for by in (reviewer, colleague):
        row = accepted(NOW - timedelta(days=30))
        FirstApproval.objects.create(card_request=row, status_since=row.status_since, by=by, at=NOW)
    return reviewer


@pytest.fixture
def reviewer(settings, desk_of_every_kind):
    settings.REVIEW_SECOND_REVIEW = True
    return User.objects.get(pk=desk_of_every_kind.pk)


@pytest.mark.sampled
@pytest.mark.parametrize("counted", ["all", "nothing", "less than the page adds up"])
@pytest.mark.parametrize("who", ["supervisor", "reviewer", "auditor"])
def test_the_groups_are_those_of_one_query_over_all_that_waits(reviewer, counted, who, monkeypatch):
    if counted == "all":
        count_events()
    elif counted != "nothing":
        monkeypatch.setattr(kept, "MOST_BESIDE", 3)
    by = {
        "supervisor": lambda: reviewer,
        "reviewer": make_reviewer,
        "auditor": lambda: make_colleague(roles.AUDITOR),
    }[who]()
    waiting = queue.waiting() if who == "auditor" else queue.waiting_for(by)
    wanted = groups_of(waiting, since="waits_since", by=by, at=NOW, came_back=queue.came_back())
    with kept.counts_with(*asks_of_requests(by=by, at=NOW)) as counts:
        groups = groups_of_requests(counts, by=by, at=NOW)
    assert summed(groups) == summed(wanted)


LOSSES = (FormalLoss, "declared_at", losses_for, make_formal_loss)
CHILDREN = (
    Guardianship,
    "created_at",
    registrations_for,
    lambda *, at: make_registration(make_holder(), at=at),
)


@pytest.mark.sampled
@pytest.mark.parametrize("who", ["with a family", "reviewer", "auditor"])
@pytest.mark.parametrize(
    ("model", "since", "waiting_for", "make"), [LOSSES, CHILDREN], ids=["losses", "children"]
)
def test_the_groups_of_a_small_desk_are_those_of_what_waits_there(
    model, since, waiting_for, make, who
):
    reviewer, colleague = make_reviewer(), make_reviewer()
    person = make_holder(user=reviewer)
    make_registration(person, at=NOW - timedelta(hours=1))
    make_formal_loss(card=make_card(CardStatus.ACTIVE, holder=person), at=NOW - timedelta(hours=1))
    for days in (1, 20):
        at = NOW - timedelta(days=days)
        make(at=at)
        claim(subject=make(at=at), by=reviewer, at=NOW)
        claim(subject=make(at=at), by=colleague, at=NOW)
        until = day_of(NOW) + timedelta(days=2)
        postpone(subject=make(at=at), until=until, reason="", by=reviewer, at=NOW)
    by = {
        "with a family": lambda: reviewer,
        "reviewer": lambda: colleague,
        "auditor": lambda: make_colleague(roles.AUDITOR),
    }[who]()
    waiting = model.objects.waiting() if who == "auditor" else waiting_for(by)
    wanted = groups_of(waiting, since=since, by=by, at=NOW)
    groups = groups_of_desk(model, since=since, by=by, at=NOW)
    assert sorted(groups, key=str) == sorted(wanted, key=str)
    assert sum(group["count"] for group in groups) == (8 if who == "with a family" else 9)


def test_withheld_are_all_that_wait_and_may_not_be_decided(reviewer):
    for user in (reviewer, make_reviewer()):
        person = getattr(user, "holder", None)
        found = queue.withheld(
            second_review.kind_of(user), account=user.pk, person=person and person.pk
        )
        withheld = {row for rows in found for row in rows}
        offered = set(queue.waiting_for(user))
        assert withheld
        assert not withheld & offered
        assert withheld | offered == set(CardRequest.objects.filter(queue.WAITING))
