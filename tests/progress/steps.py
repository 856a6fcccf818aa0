"""What the tests of the progress pages share."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories.cards import (
    accept,
    approve,
    pay,
    produce,
)
from tests.factories.moments import ago
from tests.factories.payments import make_payable

MADE = (pay, accept, approve, produce)


def shown(client, card_request, **options):
    client.force_login(card_request.holder.user)
    return client.get(card_request.get_absolute_url(), **options).content.decode()


def queries(client, url):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        client.get(url)
    return len(captured)


def make_shipped(*steps, at=None, **options):
    """A submitted request whose card goes to an address, after further `steps`."""
    at = at or ago(hours=1)
    card_request = make_payable(at=at, **options)
    for number, step in enumerate(steps, start=2):
        step(card_request, at=at + timedelta(minutes=number))
    return card_request
