"""The demo town shows every state, and building it again changes nothing."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from apps.cards.enums import RequestStatus
from apps.cards.models import CardEvent, CardRequest
from apps.demo import deeds, town
from apps.people.models import Holder, User

# Passing through: the worker leaves these within seconds.
FLEETING = {RequestStatus.PAID}


@pytest.fixture
def _quick_faces(monkeypatch, settings):
    """One face for everybody; looking for one that suits a card takes a second for each."""
    settings.FACES_ENABLED = False
    monkeypatch.setattr(deeds, "seed_of", lambda number, sex: 12)


@pytest.mark.django_db
@pytest.mark.usefixtures("_quick_faces")
def test_the_town_shows_every_state_and_is_built_once(regions_loaded):
    town.build(at=timezone.now(), tell=lambda text: None)

    shown = set(CardRequest.objects.values_list("status", flat=True))
    assert shown == set(RequestStatus) - FLEETING
    assert town.exists()

    events, people = CardEvent.objects.count(), User.objects.count()
    town.build(at=timezone.now(), tell=lambda text: None)
    assert (CardEvent.objects.count(), User.objects.count()) == (events, people)
    assert Holder.objects.filter(user__password__startswith="!").count() == 0


@pytest.mark.django_db
@pytest.mark.usefixtures("_quick_faces")
def test_a_town_whose_building_was_interrupted_is_finished(regions_loaded, monkeypatch):
    whole = dict(town.STORIES)
    monkeypatch.setattr(town, "STORIES", {"D1002": whole["D1002"]})
    town.build(at=timezone.now(), tell=lambda text: None)
    User.objects.get(employee_number=town.ADMINISTRATOR.employee_number).delete()

    monkeypatch.setattr(town, "STORIES", {name: whole[name] for name in ("D1002", "D1003")})
    call_command("demo_town", verbosity=0)

    assert CardRequest.objects.count() == 2
