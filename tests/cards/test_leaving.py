"""Who leaves with something under way keeps a sign-in to finish it, and begins nothing new."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from apps.application import eligibility, wards
from apps.application.eligibility import NotEligible
from apps.application.offers import to_begin_for
from apps.cards.enums import CardStatus, RequestStatus
from apps.cards.services import leave
from apps.events.models import Event
from apps.guardianships.policies import check_may_register
from apps.guardianships.refusals import RegistrationRefused
from apps.handout.models import Department
from apps.my_data import closing
from apps.people.event_kinds import HOLDER, HolderAction
from apps.people.models import User
from apps.people.policies import LEFT
from apps.replacement.policies import check_holder_replaces
from apps.replacement.refusals import NotReplaceable
from tests.factories.cards import AT, activate, collect, make_card, make_draft, make_request
from tests.factories.moments import ago
from tests.factories.people import PASSWORD, make_holder, make_reviewer, make_ward
from tests.shown import words_of

pytestmark = pytest.mark.django_db


def is_active(holder):
    return User.objects.get(pk=holder.user_id).is_active


def left(holder, *, at=AT):
    leave(holder=holder, by=None, at=at)
    holder.refresh_from_db()
    return holder


def of_a_child():
    guardian = make_holder()
    make_request(RequestStatus.ACCEPTED, holder=make_ward(guardian), by=guardian.user)
    return guardian


UNDER_WAY = {
    "unpaid": lambda: make_request(RequestStatus.SUBMITTED).holder,
    "amend": lambda: make_request(RequestStatus.NEEDS_AMENDMENT).holder,
    "on its way": lambda: make_request(RequestStatus.DISPATCHED).holder,
    "not in use": lambda: make_request(RequestStatus.COLLECTED).holder,
    "of a child": of_a_child,
}
NOTHING = {
    "nothing": make_holder,
    "draft": lambda: make_draft().holder,
    "in use": lambda: make_card(CardStatus.ACTIVE).holder,
    "rejected": lambda: make_request(RequestStatus.REJECTED).holder,
}


@pytest.mark.parametrize("make", UNDER_WAY.values(), ids=UNDER_WAY)
def test_whoever_has_something_under_way_can_still_sign_in(make):
    holder = left(make())
    assert holder.left_date
    assert is_active(holder)
    event = Event.objects.of_kind(HOLDER).get(action=HolderAction.LEAVE)
    assert event.facts == {"keeps_sign_in": True}
    signed_in = Client().post(
        reverse("account_login"), {"login": holder.user.employee_number, "password": PASSWORD}
    )
    assert signed_in.status_code == 302


@pytest.mark.parametrize("make", NOTHING.values(), ids=NOTHING)
def test_whoever_has_nothing_under_way_cannot(make):
    assert not is_active(left(make()))


def test_somebody_of_the_desk_cannot_whatever_is_under_way():
    holder = make_holder(user=make_reviewer())
    make_request(RequestStatus.ACCEPTED, holder=holder)
    assert not is_active(left(holder))


def test_nothing_new_is_begun(client):
    guardian = left(of_a_child(), at=ago(days=1))
    other = make_ward(guardian)
    by = User.objects.get(pk=guardian.user_id)
    offers = to_begin_for([guardian, other], by=by, at=ago())
    assert {offer.why_not for offer in offers.values()} == {LEFT}
    with pytest.raises(NotEligible):
        eligibility.check(user=by, city=None, bank=None, at=ago())
    with pytest.raises(NotEligible):
        wards.start(ward=other, city=None, bank=None, by=by, at=ago())
    with pytest.raises(RegistrationRefused):
        check_may_register(guardian, held=0, at=ago())
    with pytest.raises(NotReplaceable):
        check_holder_replaces(guardian, at=ago())
    client.force_login(by)
    home = client.get(reverse("home:home"))
    assert "不能办新的" in words_of(home)
    begun = ("application:guide", "replacement:guide")
    new = [tile for tile in home.context["tiles"] if tile.entry.url_name in begun]
    assert not any(tile.is_now for tile in new)
    assert "离职后不能办新的" in {tile.line for tile in new}


def test_somebody_with_a_card_in_use_is_not_led_to_a_replacement(client):
    holder = make_card(CardStatus.ACTIVE, at=ago(days=60)).holder
    make_request(RequestStatus.ACCEPTED, holder=make_ward(holder), by=holder.user)
    client.force_login(left(holder, at=ago(days=1)).user)
    tiles = client.get(reverse("home:home")).context["tiles"]
    [replace] = [tile for tile in tiles if tile.entry.url_name == "replacement:guide"]
    assert (replace.line, replace.is_now) == ("离职后不能办新的", False)


def test_a_contact_person_who_left_sees_nobody_of_the_department():
    holder = make_request(RequestStatus.ACCEPTED).holder
    Department.objects.create(name="信息学院", contact=holder.user)
    assert Department.objects.helped_by(holder.user).exists()
    left(holder)
    assert is_active(holder)
    assert not Department.objects.helped_by(holder.user).exists()


def test_the_sign_in_ends_with_the_account_once_all_is_finished():
    request = make_request(RequestStatus.DISPATCHED)
    holder = left(request.holder)
    long_after = AT + timedelta(days=100)
    assert closing.close_due(at=long_after, limit=10) == 0
    collect(request, at=long_after)
    request.refresh_from_db()
    assert closing.close_due(at=long_after + timedelta(days=1), limit=10) == 0
    activate(request.card, at=long_after + timedelta(days=2))
    assert closing.close_due(at=long_after + timedelta(days=3), limit=10) == 1
    assert not is_active(holder)


def test_a_card_that_is_never_activated_does_not_keep_the_account_for_ever():
    holder = left(make_request(RequestStatus.COLLECTED).holder)
    assert closing.close_due(at=AT + timedelta(days=100), limit=10) == 1
    assert not is_active(holder)
