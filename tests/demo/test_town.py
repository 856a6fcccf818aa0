"""The demo town shows every state, and building it again changes nothing."""

from io import BytesIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from PIL import Image

from apps.bureau.models import QuarantinedLine
from apps.cards.enums import CardStatus, RequestKind, RequestStatus
from apps.cards.models import Card, CardRequest
from apps.common.moments import day_of
from apps.demo import actions, children, town
from apps.demo.portraits import face
from apps.events.models import Event
from apps.people.enums import Sex
from apps.people.models import Guardianship, Holder, User
from apps.regions.models import CityRule
from apps.replacement.models import FormalLoss
from apps.verification import portrait
from apps.verification.pictures import open_upload, to_jpeg
from tests.verification.samples import upload

# Passing through: the worker leaves these within seconds.
FLEETING = {RequestStatus.PAID}


@pytest.fixture
def _no_faces(settings):
    """Looking for faces takes a second for each person, and says nothing about the town."""
    settings.FACES_ENABLED = False


@pytest.mark.slow
@pytest.mark.faces
@pytest.mark.parametrize("finds_faces", [True, False])
@pytest.mark.parametrize("sex", [Sex.MALE, Sex.FEMALE])
def test_drawn_faces_meet_every_rule_of_the_portrait(settings, sex, finds_faces):
    settings.FACES_ENABLED = finds_faces
    broken = {}
    for seed in actions.FACES[sex]:
        # Through the file that is uploaded and the one that is kept, as the town does it.
        picture = open_upload(upload(face(seed, sex=sex, size=actions.PHOTO)))
        crop = portrait.propose(picture)
        findings = portrait.check(Image.open(BytesIO(to_jpeg(picture))), crop)
        if rules := [finding.rule for finding in findings if finding.is_ok is False]:
            broken[seed] = rules
    assert broken == {}


@pytest.mark.django_db
@pytest.mark.usefixtures("_no_faces")
@pytest.mark.slow
def test_the_town_shows_every_state_and_is_built_once(regions_loaded):
    town.build(at=timezone.now(), tell=lambda text: None)

    shown = set(CardRequest.objects.values_list("status", flat=True))
    assert shown == set(RequestStatus) - FLEETING
    assert set(Card.objects.values_list("status", flat=True)) == set(CardStatus)
    assert set(CardRequest.objects.values_list("kind", flat=True)) == set(RequestKind)
    assert FormalLoss.objects.waiting().exists()
    assert QuarantinedLine.objects.open().count() == 1
    assert town.exists()
    assert CityRule.objects.filter(valid_from__gt=day_of(timezone.now())).count() == 1
    family = Guardianship.objects.filter(guardian__user__employee_number="D1020")
    assert (family.confirmed().count(), family.waiting().count()) == (3, 1)

    events, people = Event.objects.count(), User.objects.count()
    town.build(at=timezone.now(), tell=lambda text: None)
    assert (Event.objects.count(), User.objects.count()) == (events, people)
    assert (
        Holder.objects.filter(user__password__startswith="!", user__invitations=None).count() == 0
    )


@pytest.mark.django_db
@pytest.mark.usefixtures("_no_faces")
def test_a_town_whose_building_was_interrupted_is_finished(regions_loaded, monkeypatch):
    whole = dict(town.STORIES)
    monkeypatch.setattr(children, "build", lambda **moment: None)
    monkeypatch.setattr(town, "STORIES", {"D1002": whole["D1002"]})
    town.build(at=timezone.now(), tell=lambda text: None)
    User.objects.get(employee_number=town.ADMINISTRATOR.employee_number).delete()

    monkeypatch.setattr(town, "STORIES", {name: whole[name] for name in ("D1002", "D1003")})
    call_command("demo_town", verbosity=0)

    assert CardRequest.objects.count() == 2
