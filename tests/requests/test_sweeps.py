"""The worker's part: every sweep is limited and may run twice."""

from datetime import timedelta

import pytest

from apps.cards.enums import RequestAction, RequestStatus
from apps.common.moments import kept_until
from apps.requests import sweeps
from tests.factories.cards import AT, make_request

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(hours=1)


def test_paid_requests_are_accepted_once():
    card_request = make_request(RequestStatus.PAID)
    assert sweeps.accept_paid(at=LATER, deadline=None).done == 1
    assert sweeps.accept_paid(at=LATER, deadline=None).done == 0
    assert card_request.events.filter(action=RequestAction.ACCEPT).count() == 1


def test_a_card_nobody_confirmed_counts_as_collected_after_the_set_time(settings):
    settings.COLLECT_AFTER = timedelta(days=15)
    card_request = make_request(RequestStatus.DISPATCHED)
    due = kept_until(card_request.status_since, timedelta(days=15))

    assert sweeps.collect_overdue(at=due - timedelta(seconds=1), deadline=None).done == 0
    assert sweeps.collect_overdue(at=due + timedelta(days=2), deadline=None).done == 1
    assert sweeps.collect_overdue(at=due + timedelta(days=2), deadline=None).done == 0

    event = card_request.events.get(action=RequestAction.COLLECT)
    assert (event.due_at, event.at) == (due, due + timedelta(days=2))
