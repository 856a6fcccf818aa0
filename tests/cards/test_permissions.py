"""Who may act and what they see: the check and the querysets give one answer."""

from datetime import timedelta
from itertools import product

import pytest

from apps.cards.enums import CardStatus
from apps.cards.models import Card, CardRequest
from apps.cards.permissions import NotYours, role_of, role_of_visible
from apps.delivery.models import Shipment
from apps.events.enums import Role
from apps.guardianships import services as guardianships
from apps.loss_report.models import LossReport
from apps.payments.enums import GatewayName, PaymentStatus
from apps.payments.models import Payment
from apps.people.family import family_of
from apps.people.models import Holder
from apps.replacement.models import FormalLoss
from tests.factories.cards import AT, make_card
from tests.factories.formal_losses import DECLARED, make_formal_loss
from tests.factories.loss_reports import report
from tests.factories.payments import make_payable
from tests.factories.people import (
    MOMENT,
    make_guardianship,
    make_holder,
    make_registration,
    make_reviewer,
    make_user,
    make_ward,
)

pytestmark = pytest.mark.django_db

# What is read through `visible_to` → the path to the person.
MATTERS = {
    Card: "holder",
    CardRequest: "holder",
    FormalLoss: "card__holder",
    LossReport: "card__holder",
    Shipment: "card_request__holder",
    Payment: "card_request__holder",
}
PAYMENT = {
    "gateway": GatewayName.SANDBOX,
    "subject": "社会保障卡申领费用",
    "amount_fen": 1000,
    "status": PaymentStatus.CLOSED,
    "status_since": AT,
    "created_at": AT,
    "expires_at": AT + timedelta(hours=1),
    "next_check_at": AT,
}


@pytest.fixture
def town():
    """Accounts in every relation to the people of the town; one of the children has one too."""
    father, mother, stranger = make_holder(), make_holder(sex="2"), make_holder()
    child, other_child = make_ward(father), make_ward(stranger)
    make_guardianship(mother, child)
    make_registration(mother)  # of a child that HR has not confirmed
    guardianships.refuse(
        guardianship=make_registration(father), reason="看不清", by=make_reviewer(), at=MOMENT
    )
    for holder, by in ((child, father), (mother, mother)):
        card = make_card(CardStatus.ACTIVE, holder=holder, by=by.user)
        report(card, at=DECLARED, by=by.user)
        make_formal_loss(card=card, by=by.user)
    for holder, by in ((other_child, stranger), (stranger, stranger)):
        payable = make_payable(holder=holder, by=by.user)
        Payment.objects.create(card_request=payable, created_by=by.user, **PAYMENT)
    Holder.objects.filter(pk=other_child.pk).update(user=make_user())
    other_child.refresh_from_db()
    return [father.user, mother.user, stranger.user, other_child.user, make_reviewer()]


def role(user, holder, *, at):
    try:
        return role_of(user, holder, at=at)
    except NotYours:
        return None


def moments():
    """Now, and on both sides of the 16th birthday of every child."""
    ends = {holder.own_from_at for holder in Holder.objects.all()}
    return [AT, *(end + step for end in ends for step in (-timedelta(seconds=1), timedelta(0)))]


def test_who_may_act_for_a_person_reads_all_that_concerns_the_person_and_nobody_else_does(town):
    """Person, cards, requests, losses of both kinds, addresses and payments: one rule."""
    people = list(Holder.objects.all())
    rows = {model: list(model.objects.all()) for model in MATTERS}
    assert all(rows.values())
    roles = set()
    for user, at in product(town, moments()):
        found = {holder.pk: role(user, holder, at=at) for holder in people}
        acting = {pk for pk, own in found.items() if own is not None}
        assert acting == {holder.pk for holder in Holder.objects.visible_to(user, at=at)}
        assert acting == {holder.pk for holder in family_of(user, at=at).persons}
        assert acting == {holder.pk for holder in people if holder.is_visible_to(user, at=at)}
        for model, path in MATTERS.items():
            of_acting = model.objects.filter(**{f"{path}__in": acting})
            assert set(of_acting) == set(model.objects.visible_to(user, at=at))
        for holder in people:
            if holder.pk in acting:
                assert found[holder.pk] == role_of_visible(user, holder)
        roles |= set(found.values())
    assert roles == {Role.HOLDER, Role.GUARDIAN, None}


def test_one_side_acts_at_any_moment_and_the_other_is_told_why_not(town):
    _, _, guardian, young, _ = town
    child = young.holder
    for step, acts, waits, code in (
        (timedelta(seconds=-1), guardian, young, "too_young"),
        (timedelta(0), young, guardian, "of_age"),
    ):
        at = child.own_from_at + step
        assert role(acts, child, at=at) is not None
        with pytest.raises(NotYours) as refusal:
            role_of(waits, child, at=at)
        assert refusal.value.code == code
