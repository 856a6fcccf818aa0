"""Twenty confirmations at the same moment, through the views, on PostgreSQL.

One does it; all that belong to the success see the success, and nobody an error.
"""

from urllib.parse import urljoin

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import CardAction, CardStatus, RequestAction, RequestStatus
from apps.verification.enums import Purpose
from tests.contests import at_once
from tests.factories.cards import make_card, make_request
from tests.factories.checks import pass_check
from tests.factories.moments import ago
from tests.factories.payments import PICKUP, make_payable, make_shipment
from tests.factories.people import make_guardianship, make_holder, make_ward
from tests.journeys import forms
from tests.journeys.tree import parse

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

AT_ONCE = 20


def press(users, url, *, page=None):
    """What `AT_ONCE` windows of `users` see after they all press the button for `url` at once.

    The button stands on the page at the address `page`, or at `url` itself.
    """
    clients = [Client(raise_request_exception=False) for _ in range(AT_ONCE)]
    for number, client in enumerate(clients):
        client.force_login(users[number % len(users)])
    filled = [fill_in(client, page or url, url) for client in clients]
    seen = []

    def post(client, data):
        response = client.post(url, data, follow=True)
        words = [str(m) for m in response.context["messages"] if "error" in m.tags]
        seen.append((response.status_code, words, response.content.decode()))

    pairs = zip(clients, filled, strict=True)
    at_once(*[lambda client=client, data=data: post(client, data) for client, data in pairs])
    return seen


def fill_in(client, address, url):
    """The fields of the form that posts to `url`, as they stand on the page at `address`."""
    page = parse(client.get(address).content.decode(), is_scripted=True)
    mine = [
        form
        for form in page.nodes("form")
        if form.get("method") == "post" and urljoin(address, form.get("action") or address) == url
    ]
    return forms.data(page, mine[0])


def assert_all_see(pages, words):
    assert [(status, errors, words in html) for status, errors, html in pages] == [
        (200, [], True)
    ] * AT_ONCE


@pytest.mark.parametrize(
    ("status", "persons"), [(RequestStatus.DISPATCHED, 1), (RequestStatus.COLLECTED, 2)]
)
def test_activate(status, persons):
    guardians = [make_holder() for _ in range(persons)]
    child = make_ward(guardians[0])
    for other in guardians[1:]:
        make_guardianship(other, child)
    card = make_request(status, holder=child, by=guardians[0].user, at=ago(hours=3)).card
    for guardian in guardians:
        pass_check(holder=child, by=guardian.user, purpose=Purpose.ACTIVATE, at=timezone.now())
    url = reverse("activation:start", args=[card.reference])
    assert_all_see(press([guardian.user for guardian in guardians], url), "启用成功")
    assert card.events.filter(action=CardAction.ACTIVATE).count() == 1


def test_lift_a_loss():
    card = make_card(CardStatus.SUSPENDED, at=ago(hours=3))
    user = card.holder.user
    pass_check(holder=card.holder, by=user, purpose=Purpose.LOSS_REPORT, at=timezone.now())
    url = reverse("loss_report:lift", args=[card.reference])
    assert_all_see(press([user], url), CardStatus.ACTIVE.label)
    assert card.events.filter(action=CardAction.LIFT).count() == 1


def test_report_a_loss():
    card = make_card(CardStatus.ACTIVE, at=ago(days=2))
    url = reverse("loss_report:report", args=[card.reference])
    assert_all_see(press([card.holder.user], url), CardStatus.SUSPENDED.label)
    assert card.events.filter(action=CardAction.REPORT_LOSS).count() == 1


def test_confirm_the_receipt():
    card_request = make_request(RequestStatus.DISPATCHED, at=ago(hours=3))
    url = reverse("progress:collect", args=[card_request.reference])
    pages = press([card_request.applicant], url, page=card_request.get_absolute_url())
    assert_all_see(pages, "启用社保卡")
    assert card_request.events.filter(action=RequestAction.COLLECT).count() == 1


def test_withdraw():
    card_request = make_payable(at=ago(hours=3))
    url = reverse("application:withdraw", args=[card_request.reference])
    assert_all_see(press([card_request.applicant], url), "这件申请已撤销")
    assert card_request.events.filter(action=RequestAction.WITHDRAW).count() == 1


def test_confirm_a_pickup():
    card_request = make_payable(at=ago(hours=3))
    make_shipment(card_request, **PICKUP)
    url = reverse("payments:pay", args=[card_request.reference])
    assert_all_see(press([card_request.applicant], url), "受理")
    assert card_request.events.filter(action=RequestAction.WAIVE).count() == 1
