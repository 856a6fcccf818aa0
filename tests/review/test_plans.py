"""Each order of the list is read from an index of its own, on PostgreSQL."""

import pytest
from django.db import connection
from django.http import QueryDict

from apps.cards.models import CardRequest
from apps.people.models import User
from apps.review import filters
from tests.factories.cards import AT

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("", "request_in_status_since"),
        ("sort=-waited", "request_in_status_since"),
        ("sort=handed_in", "request_in_status_handed_in"),
        ("sort=-handed_in", "request_in_status_handed_in"),
        ("stage=REJECTED&sort=handed_in", "request_in_status_handed_in"),
        ("stage=all", "request_since"),
        ("stage=all&sort=handed_in", "request_handed_in"),
    ],
)
@pytest.mark.parametrize("is_first", [True, False], ids=["first page", "further page"])
def test_each_order_of_the_list_has_its_index(query, index, is_first):
    """The table is empty, so the plan says which index can serve the order, not what is cheap."""
    listed = filters.listed(query, by=User(pk=0), at=AT)
    requests = filters.RequestFilter.read(QueryDict(query)).narrow(
        CardRequest.objects.all(), user=User(pk=0), at=AT
    )
    page = listed.ordered(requests, after=None if is_first else (AT, 7))[:50]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
    plan = page.explain()
    assert f" {index} " in plan, plan
    assert "Sort" not in plan, plan
