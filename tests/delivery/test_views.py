"""The postage while the address is being chosen."""

import pytest
from django.urls import reverse

from apps.cards.enums import RequestStatus
from tests.factories.cards import make_request
from tests.factories.people import make_holder
from tests.factories.regions import make_city

pytestmark = pytest.mark.django_db


@pytest.fixture
def card_request(client):
    card_request = make_request(RequestStatus.SUBMITTED)
    client.force_login(card_request.applicant)
    return card_request


def ask(client, card_request, **choice):
    url = reverse("delivery:postage", args=[card_request.reference])
    return client.get(url, choice)


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ({"method": "MAIL", "city": "370100"}, ("邮寄费（同城）", "10.00 元")),
        ({"method": "MAIL", "city": "370300"}, ("邮寄费（省内）", "12.00 元")),
        ({"method": "PICKUP", "city": "370300"}, ("自取免费", "0.00 元")),
        ({"method": "MAIL", "city": ""}, ("同城 10.00 元，省内 12.00 元",)),
        ({"city": "no such city"}, ("同城 10.00 元，省内 12.00 元",)),
        ({}, ("首次申领免费",)),
    ],
)
def test_the_fragment_tells_the_postage(client, card_request, choice, words):
    make_city("370300", "淄博市")
    page = ask(client, card_request, **choice).content.decode()
    for word in words:
        assert word in page


@pytest.mark.parametrize("city", ["\x00", "３７０１００", "'", "9" * 40])
def test_what_is_no_city_costs_nothing_yet(client, card_request, city):
    assert ask(client, card_request, method="MAIL", city=city).status_code == 200


def test_nobody_else_is_answered(client, card_request):
    client.force_login(make_holder().user)
    assert ask(client, card_request).status_code == 404
    client.logout()
    assert ask(client, card_request).status_code == 302
