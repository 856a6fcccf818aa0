"""Since when the oldest waits of those that nobody holds."""

from datetime import timedelta

import pytest

from apps.backoffice.start.request_counts import FIRST, asks_of_requests, groups_of_requests
from apps.desk.claims.services import claim
from apps.reporting import kept
from apps.review.enums import Held
from tests.backoffice.start.steps import NOW, accepted
from tests.factories.people import make_reviewer

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("held", [1, FIRST, FIRST + 1])
def test_the_oldest_is_the_first_that_nobody_holds(held):
    by, colleague = make_reviewer(), make_reviewer()
    for _ in range(held):
        claim(subject=accepted(NOW - timedelta(hours=9)), by=colleague, at=NOW)
    for hours in (3, 2):
        accepted(NOW - timedelta(hours=hours))
    with kept.counts_with(*asks_of_requests(by=by, at=NOW)) as counts:
        groups = groups_of_requests(counts, by=by, at=NOW)
    [group] = [group for group in groups if group["hold"] == Held.FREE]
    assert (group["count"], group["oldest_at"]) == (2, NOW - timedelta(hours=3))
