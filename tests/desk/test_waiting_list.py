"""The list of all that waits, whose SQL is kept, says what the same list says that is made anew."""

from datetime import timedelta

import pytest
from django.http import QueryDict

from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.common.moments import day_of
from apps.desk import roles
from apps.desk.claims import services as claims
from apps.desk.claims import walk
from apps.review import filters, queue
from apps.review.models import FirstApproval
from tests.factories.cards import AT, make_request
from tests.factories.people import make_colleague, make_holder, make_reviewer, make_ward

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(hours=3)


def reader_with_a_family():
    """A reviewer who is a person of the roster, and handed in a request for a child."""
    reviewer = make_reviewer()
    person = make_holder(user=reviewer)
    make_request(
        RequestStatus.ACCEPTED, holder=make_ward(person), by=reviewer, at=AT + timedelta(minutes=5)
    )
    make_request(RequestStatus.ACCEPTED, holder=person, by=reviewer, at=AT + timedelta(minutes=6))
    return reviewer


@pytest.fixture
def six(db):
    """Six requests that wait, handed in ten minutes after each other."""
    return [
        make_request(RequestStatus.ACCEPTED, at=AT + timedelta(minutes=10 * number))
        for number in range(6)
    ]


READERS = {
    "reviewer": make_reviewer,
    "with a family": reader_with_a_family,
    "supervisor": lambda: make_colleague(roles.SUPERVISOR),
}


@pytest.mark.parametrize("needs_two", [False, True], ids=["one review", "second review"])
@pytest.mark.parametrize("reader", READERS)
def test_it_says_what_the_list_made_anew_says(six, settings, reader, needs_two):
    settings.REVIEW_SECOND_REVIEW = needs_two
    by, colleague = READERS[reader](), make_reviewer()
    claims.claim(subject=six[1], by=colleague, at=LATER)
    claims.claim(subject=six[2], by=by, at=LATER)
    until = day_of(LATER) + timedelta(days=3)
    claims.postpone(subject=six[3], until=until, reason="等电话", by=by, at=LATER)
    for card_request, approver in ((six[4], colleague), (six[5], by)):
        FirstApproval.objects.create(
            card_request=card_request, status_since=card_request.status_since, by=approver, at=LATER
        )

    at = LATER + timedelta(minutes=1)
    listed = filters.listed("", by=by, at=at)
    everything = list(queue.waiting())
    found = set()
    for subject in everything:
        following = queue.LIST.next_case(subject, by=by, at=at)
        assert following == walk.next_case(listed, subject, by=by, at=at)
        found.add(following.reference)
    assert six[0].reference in found
    assert not found & {six[1].reference, six[3].reference}
    assert queue.LIST.count(by=by, at=at) == listed.to_decide.count() > 0
    shown = filters.RequestFilter.read(QueryDict("")).narrow(
        CardRequest.objects.all(), user=by, at=at
    )
    assert queue.LIST.first_keys(by=by, at=at) == [row.pk for row in listed.ordered(shown)]
    assert queue.LIST.count_shown(by=by, at=at) == shown.count()
    put_away = walk.own(queue.waiting_for(by), by=by, at=at)
    assert queue.LIST.count_put_away(by=by, at=at) == put_away.count() == 1
    assert queue.LIST.has_one(by=by, at=at)


def test_it_is_empty_for_whose_only_case_is_put_away_until_it_comes_back(six):
    by = make_reviewer()
    until = day_of(LATER) + timedelta(days=3)
    for subject in six:
        claims.postpone(subject=subject, until=until, reason="等电话", by=by, at=LATER)
    assert not queue.LIST.has_one(by=by, at=LATER)
    assert queue.LIST.count(by=by, at=LATER) == 0
    assert queue.LIST.next_case(six[0], by=by, at=LATER) == walk.NextCase("", is_around=False)
    assert queue.LIST.count(by=by, at=LATER + timedelta(days=3)) == 6
    assert queue.LIST.count(by=make_reviewer(), at=LATER) == 6
