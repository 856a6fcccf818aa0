"""Twenty 启用 at the same moment, through the view, with real threads on PostgreSQL."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import CardAction, CardStatus, RequestStatus
from apps.cards.models import Card
from apps.verification.enums import Purpose
from tests.contests import at_once
from tests.factories.cards import make_request
from tests.factories.checks import pass_check
from tests.factories.people import make_guardianship, make_holder, make_ward

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

AT_ONCE = 20


@pytest.mark.parametrize(
    ("status", "persons"), [(RequestStatus.DISPATCHED, 1), (RequestStatus.COLLECTED, 2)]
)
def test_all_that_belong_to_the_success_see_the_success(status, persons):
    now = timezone.now()
    guardians = [make_holder() for _ in range(persons)]
    child = make_ward(guardians[0])
    for other in guardians[1:]:
        make_guardianship(other, child)
    card_request = make_request(
        status, holder=child, by=guardians[0].user, at=now - timedelta(hours=3)
    )
    card = card_request.card
    clients = []
    for number in range(AT_ONCE):
        client = Client(raise_request_exception=False)
        client.force_login(guardians[number % persons].user)
        clients.append(client)
    for guardian in guardians:
        pass_check(holder=child, by=guardian.user, purpose=Purpose.ACTIVATE, at=now)
    url = reverse("activation:start", args=[card.reference])
    answers = []

    def activate(client):
        answers.append(client.post(url, follow=True).content.decode())

    at_once(*[lambda client=client: activate(client) for client in clients])
    assert Card.objects.get(pk=card.pk).status == CardStatus.ACTIVE
    assert card.events.filter(action=CardAction.ACTIVATE).count() == 1
    assert ["启用成功" in page for page in answers] == [True] * AT_ONCE
