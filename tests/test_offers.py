"""No offer ends in a refusal: everybody follows every link and presses every plain button.

For every person × status of the card × status of the request: on the pages with offers, and on the
pages to which they lead.
"""

from datetime import timedelta
from itertools import product
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import REQUEST_IN_FLIGHT, CardStatus, RequestStatus
from apps.cards.models import CardRequest
from apps.common.deadlines import Deadline
from apps.common.moments import day_of
from apps.desk import roles
from apps.gateways import wire
from apps.handout import arranging, handing
from apps.handout.enums import HandedWay
from apps.handout.models import BoxCard
from apps.people.consents import CARD_KINDS
from apps.people.models import Holder, years_before
from apps.people.services import record_consent, withdraw_consent
from apps.verification.enums import Purpose
from tests.every_offer import Walk, walk
from tests.factories import cards as steps
from tests.factories.boxes import make_day, make_waiting
from tests.factories.cards import make_card, make_request
from tests.factories.checks import pass_check
from tests.factories.formal_losses import make_formal_loss, make_lost_card, make_replacement_draft
from tests.factories.moments import ago
from tests.factories.payments import go_on_addressed, make_addressed, make_payment
from tests.factories.people import (
    make_colleague,
    make_holder,
    make_registration,
    make_user,
    make_ward,
    set_birth_date,
)
from tests.factories.regions import let_the_unit_collect
from tests.sampling import some

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _cashier(monkeypatch):
    """The portal reaches the cashier without a socket; both are our own views."""

    def post_form(url, fields):
        return Client().post(urlsplit(url).path, fields).content.decode()

    monkeypatch.setattr(wire, "post_form", post_form)


def make_adult():
    return make_holder()


def make_teenager():
    """Old enough to apply alone, too young to replace a card online."""
    return make_holder(birth_date=years_before(day_of(timezone.now()), 16) - timedelta(days=100))


def make_young():
    """With an account that was opened before the 16th birthday, until which a guardian acts."""
    return make_holder(birth_date=years_before(day_of(timezone.now()), 15))


AFTER_DRAFT = [status for status in RequestStatus if status != RequestStatus.DRAFT]
CARDS = [status for status in CardStatus if status != CardStatus.SEALED]
ALONE = pytest.mark.parametrize("make", some([make_adult, make_teenager], make_adult))


@pytest.mark.parametrize(
    "make", some([make_adult, make_teenager, make_young], make_adult, make_young)
)
def test_with_nothing_yet(make):
    walk(make().user)


@pytest.mark.slow
@ALONE
@pytest.mark.parametrize("has_moved", [False, True])
def test_who_may_not_have_a_card_here(make, has_moved):
    holder = make()
    type(holder).objects.filter(pk=holder.pk).update(
        has_card_elsewhere=has_moved, nationality="CHN" if has_moved else "USA"
    )
    walk(holder.user)


@ALONE
def test_with_a_draft(make):
    holder = make()
    walk(holder.user, make_request(RequestStatus.DRAFT, holder=holder, at=ago(days=2)))


@pytest.mark.slow
@pytest.mark.parametrize("is_withdrawn", [False, True])
def test_with_a_draft_that_could_be_handed_in(is_withdrawn):
    holder = make_holder()
    draft = make_request(RequestStatus.DRAFT, holder=holder, at=ago(days=2))
    at = ago(minutes=5)
    pass_check(holder=holder, by=holder.user, purpose=Purpose.APPLY, card_request=draft, at=at)
    record_consent(user=holder.user, holder=holder, kinds=CARD_KINDS, ip="127.0.0.1", at=at)
    if is_withdrawn:
        withdraw_consent(holder=holder, kind=CARD_KINDS[0], by=holder.user, at=at)
    check_page = reverse("application:confirm", args=[draft.reference])
    walk(holder.user, draft, pages=[check_page])


@ALONE
@pytest.mark.parametrize(
    "status", some(AFTER_DRAFT, RequestStatus.SUBMITTED, RequestStatus.NEEDS_AMENDMENT)
)
def test_with_a_request(make, status):
    holder = make()
    walk(holder.user, make_addressed(status, holder=holder, at=ago(hours=3)))


def card_in(status, **options):
    """A card in `status`; a lost one was declared lost, as everybody's is."""
    if status == CardStatus.LOST:
        return make_lost_card(at=ago(days=2), **options)
    return make_card(status, at=ago(days=2), **options)


@pytest.mark.parametrize(
    "of",
    some(
        [*product([make_adult, make_teenager], CARDS)],
        (make_adult, CardStatus.SUSPENDED),
        (make_teenager, CardStatus.LOST),
    ),
)
def test_with_a_card(of):
    make, status = of
    holder = make()
    card = card_in(status, holder=holder)
    walk(holder.user, card, card.card_request)


@pytest.mark.slow
def test_with_an_order_at_the_cashier():
    payment = make_payment(at=ago(minutes=2))
    walk(payment.card_request.holder.user, payment.card_request)


def test_with_a_formal_loss_that_waits():
    loss = make_formal_loss(at=ago(days=1))
    walk(loss.card.holder.user, loss.card, loss.card.card_request)


@pytest.mark.slow
def test_the_guardian_of_a_child_whose_formal_loss_waits():
    guardian = make_holder()
    child = make_ward(guardian)
    card = make_card(holder=child, by=guardian.user, at=ago(days=2))
    make_formal_loss(card=card, by=guardian.user, at=ago(days=1))
    walk(guardian.user, card, card.card_request, of=child)


def _at_the_unit(state, **options):
    """The `BoxCard` of a card that the unit collects, as far as `state` says."""
    row = make_waiting(make_colleague(roles.HANDER), at=ago(hours=2), **options)
    card_request = row.card_request
    if state == "with a day":
        make_day(make_colleague(roles.HANDER), at=ago(hours=1))
        arranging.invite_due(at=ago(minutes=30), deadline=Deadline(5))
    elif state == "with a proxy":
        number = make_holder().user.employee_number
        by = card_request.applicant
        handing.authorise(box_card=row, employee_number=number, by=by, at=ago(hours=1))
    elif state == "kept too long":
        BoxCard.objects.filter(pk=row.pk).update(kept_until=ago(minutes=30))
    elif state == "handed out":
        whole = BoxCard.objects.select_related(*handing.RELATED).get(pk=row.pk)
        by = make_colleague(roles.HANDER)
        handing.hand_out(box_card=whole, way=HandedWay.NUMBER, by=by, at=ago(hours=1))
    return row


STATES = ["waiting", "with a day", "with a proxy", "kept too long", "handed out"]


@pytest.mark.slow
@pytest.mark.parametrize("state", some(STATES, "kept too long"))
def test_with_a_card_at_the_unit(state):
    let_the_unit_collect()
    row = _at_the_unit(state)
    walk(row.holder.user, row.card_request, pages=_pages_of(row, state))


@pytest.mark.slow
@pytest.mark.parametrize("state", some(STATES, "with a proxy"))
def test_the_guardian_of_a_child_whose_card_is_at_the_unit(state):
    let_the_unit_collect()
    guardian = make_holder()
    row = _at_the_unit(state, holder=make_ward(guardian), guardian=guardian)
    walk(guardian.user, row.card_request, of=row.holder, pages=_pages_of(row, state))


def _pages_of(row, state):
    return [] if state == "handed out" else [reverse("handout:code", args=[row.reference])]


def test_the_colleague_who_fetches_the_card_of_another_one():
    let_the_unit_collect()
    row = _at_the_unit("with a proxy")
    proxy = BoxCard.objects.select_related("proxy").get(pk=row.pk).proxy
    walk(proxy, pages=_pages_of(row, "with a proxy"))


@pytest.mark.slow
@pytest.mark.parametrize("status", some(RequestStatus, RequestStatus.REJECTED))
def test_with_a_replacement(status):
    card_request = make_replacement_draft(card=make_lost_card(at=ago(days=3)), at=ago(days=1))
    if status != RequestStatus.DRAFT:
        steps.submit(card_request, at=ago(hours=3))
        go_on_addressed(card_request, status)
    walk(card_request.holder.user, card_request, card_request.old_card)


@pytest.mark.slow
@pytest.mark.parametrize("status", some(CardStatus, CardStatus.SEALED))
def test_where_the_city_has_closed_everything(status):
    card = card_in(status)
    card.city.openings.all().delete()
    walk(card.holder.user, card, card.card_request)


@pytest.mark.slow
def test_with_a_formal_loss_that_waits_where_the_city_has_closed_everything():
    loss = make_formal_loss(at=ago(days=1))
    loss.card.city.openings.all().delete()
    walk(loss.card.holder.user, loss.card, loss.card.card_request)


@pytest.mark.sampled
@pytest.mark.parametrize("status", some(RequestStatus, RequestStatus.DISPATCHED))
def test_the_guardian_of_a_child_with_a_request(status):
    guardian = make_holder()
    child = make_ward(guardian)
    make_registration(guardian)
    card_request = make_addressed(status, holder=child, by=guardian.user, at=ago(hours=3))
    walk(guardian.user, card_request, of=child)


@pytest.mark.slow
@pytest.mark.parametrize("status", some([None, *CARDS], CardStatus.LOST))
def test_the_guardian_of_a_child_with_a_card_or_none(status):
    guardian = make_holder()
    child = make_ward(guardian)
    rows = []
    if status is not None:
        card = make_card(status, holder=child, by=guardian.user, at=ago(days=2))
        rows = [card, card.card_request]
    walk(guardian.user, *rows, of=child)


@pytest.mark.slow
@pytest.mark.parametrize("status", some(REQUEST_IN_FLIGHT, RequestStatus.SUBMITTED))
def test_the_guardian_of_somebody_who_has_turned_sixteen(status):
    guardian = make_holder()
    child = make_ward(guardian)
    make_addressed(status, holder=child, by=guardian.user, at=ago(hours=3))
    set_birth_date(child, years_before(day_of(timezone.now()), 16))
    assert not CardRequest.objects.visible_to(guardian.user, at=timezone.now()).exists()
    walk(guardian.user)


@pytest.mark.slow
@pytest.mark.parametrize("status", some(REQUEST_IN_FLIGHT, RequestStatus.DRAFT))
def test_who_has_turned_sixteen_goes_on_with_what_a_guardian_began(status):
    guardian = make_holder()
    child = make_ward(guardian)
    card_request = make_addressed(status, holder=child, by=guardian.user, at=ago(hours=3))
    set_birth_date(child, years_before(day_of(timezone.now()), 16))
    Holder.objects.filter(pk=child.pk).update(user=make_user())
    child.refresh_from_db()
    walk(child.user, card_request)


def test_the_walk_notices_a_page_that_refuses_and_one_of_somebody_else():
    card = make_card(CardStatus.ACTIVE, at=ago(days=2))
    stranger = make_card(CardStatus.SEALED, at=ago(days=2))
    pages = [reverse("activation:start", args=[row.reference]) for row in (card, stranger)]
    refused = Walk(card.holder.user, pages).refused
    assert [line.split(" ")[2].rstrip(":") for line in refused] == pages
