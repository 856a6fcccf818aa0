"""The matters after the application, done by a guardian: 启用, 临时挂失, 解除挂失."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import CardStatus
from apps.common.moments import day_of
from apps.events.enums import Role
from apps.people.enums import Sex
from apps.people.models import years_before
from apps.verification.enums import Purpose
from tests.factories.cards import make_card
from tests.factories.checks import pass_check
from tests.factories.people import make_guardianship, make_holder, make_ward, set_birth_date

pytestmark = pytest.mark.django_db


@pytest.fixture
def family():
    """Father, mother and a child of eight."""
    father, mother = make_holder(), make_holder(sex=Sex.FEMALE, name="李梅")
    ward = make_ward(father, birth_date=years_before(day_of(timezone.now()), 8))
    make_guardianship(mother, ward)
    return father, mother, ward


def as_client(holder):
    client = Client()
    client.force_login(holder.user)
    return client


def role_of_last(card):
    return card.events.latest("pk").role


def test_a_guardian_activates_the_card_of_the_child(family):
    father, _, ward = family
    card = make_card(CardStatus.SEALED, holder=ward, by=father.user)
    start = reverse("activation:start", args=[card.reference])
    client = as_client(father)
    assert client.get(reverse("activation:guide"))["Location"] == start
    pass_check(holder=ward, by=father.user, purpose=Purpose.ACTIVATE, at=timezone.now())
    client.post(start)
    card.refresh_from_db()
    assert card.status == CardStatus.ACTIVE
    assert role_of_last(card) == Role.GUARDIAN


def test_the_check_of_one_guardian_is_worth_nothing_to_the_other(family):
    father, mother, ward = family
    card = make_card(CardStatus.SEALED, holder=ward, by=father.user)
    pass_check(holder=ward, by=father.user, purpose=Purpose.ACTIVATE, at=timezone.now())
    as_client(mother).post(reverse("activation:start", args=[card.reference]))
    card.refresh_from_db()
    assert card.status == CardStatus.SEALED


@pytest.mark.parametrize("which", [0, 1])
def test_either_guardian_sees_the_active_card_where_a_loss_is_reported(family, which):
    father, _, ward = family
    card = make_card(holder=ward, by=father.user)
    client = as_client(family[which])
    report = reverse("loss_report:report", args=[card.reference])
    assert client.get(reverse("loss_report:guide"))["Location"] == report
    assert client.get(report).status_code == 200


@pytest.mark.parametrize(
    "name", ["activation:start", "activation:done", "loss_report:report", "loss_report:detail"]
)
def test_from_the_16th_birthday_on_the_card_is_out_of_reach(family, name):
    father, _, ward = family
    card = make_card(holder=ward, by=father.user)
    url = reverse(name, args=[card.reference])
    set_birth_date(ward, years_before(day_of(timezone.now()), 16))
    assert as_client(father).get(url).status_code == 404
    set_birth_date(ward, years_before(day_of(timezone.now()), 16) + timedelta(days=1))
    assert as_client(father).get(url).status_code != 404


def test_a_stranger_reaches_no_card_of_the_child(family):
    father, _, ward = family
    card = make_card(CardStatus.SEALED, holder=ward, by=father.user)
    stranger = make_holder()
    make_ward(stranger)
    for name in ("activation:start", "loss_report:report"):
        assert as_client(stranger).get(reverse(name, args=[card.reference])).status_code == 404


def test_the_card_of_each_child_stands_beside_what_can_be_done(family):
    father, _, ward = family
    make_card(holder=ward, by=father.user)
    make_ward(father, birth_date=years_before(day_of(timezone.now()), 5))
    client = as_client(father)
    for page in ("children:list", "application:guide_for_child"):
        html = client.get(reverse(page)).content.decode()
        assert html.count('class="face is-active small"') == 1
        assert html.count('class="face is-empty small"') == 1
