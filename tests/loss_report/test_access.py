"""Who may do what with a temporary loss, and until when."""

import pytest
from django.utils import timezone

from apps.cards.enums import CardStatus
from apps.cards.models import Card
from apps.common.moments import day_of
from tests.factories.cards import make_card
from tests.factories.moments import ago
from tests.factories.people import make_holder, make_ward, set_birth_date
from tests.loss_report.steps import url

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["detail", "report", "lift", "usable"])
def test_a_stranger_finds_nothing(client, card, name):
    client.force_login(make_holder().user)
    assert client.get(url(name, card)).status_code == 404


@pytest.mark.parametrize("name", ["report", "lift"])
def test_a_stranger_can_do_nothing(client, card, name):
    client.force_login(make_holder().user)
    assert client.post(url(name, card)).status_code == 404
    assert Card.objects.get(pk=card.pk).status == CardStatus.ACTIVE


def test_a_guardian_s_way_ends_on_the_16th_birthday(client):
    guardian = make_holder()
    ward = make_ward(guardian)
    card = make_card(holder=ward, by=guardian.user, at=ago(days=30))
    client.force_login(guardian.user)
    assert client.get(url("report", card)).status_code == 200
    today = day_of(timezone.now())
    set_birth_date(ward, today.replace(year=today.year - 16, day=1))
    assert client.get(url("report", card)).status_code == 404
