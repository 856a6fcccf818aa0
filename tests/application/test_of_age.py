"""A request for a child that was running when the child turned 16."""

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.application import services
from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.cards.permissions import NotYours, role_of
from apps.people.enums import Sex
from apps.people.services import enter_staff_member
from tests.application.children import as_client, set_clock, years_ago
from tests.factories.cards import make_draft, make_request
from tests.factories.people import make_guardianship, make_holder, make_ward, set_birth_date

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon(monkeypatch):
    set_clock(monkeypatch)


@pytest.fixture
def ward(guardian):
    return make_ward(guardian, birth_date=years_ago(16, days=-1))


@pytest.fixture
def grow_up(ward):
    def grow_up():
        set_birth_date(ward, years_ago(16))

    return grow_up


def make(status, ward, guardian, **options):
    return make_request(status, holder=ward, by=guardian.user, at=timezone.now(), **options)


@pytest.mark.parametrize(
    "status", [RequestStatus.SUBMITTED, RequestStatus.ACCEPTED, RequestStatus.DISPATCHED]
)
def test_it_is_seen_but_not_acted_on(client, guardian, ward, grow_up, status):
    card_request = make(status, ward, guardian)
    grow_up()
    page = client.get(card_request.get_absolute_url()).content.decode()
    assert "您不能再代为办理" in page
    assert "确认领卡</button>" not in page
    assert "撤销申请" not in page
    assert reverse("application:shipping", args=[card_request.reference]) not in page
    with pytest.raises(NotYours) as caught:
        role_of(guardian.user, ward, at=timezone.now())
    assert caught.value.code == "of_age"


@pytest.mark.parametrize(
    ("status", "name"),
    [
        (RequestStatus.DRAFT, "form"),
        (RequestStatus.DRAFT, "confirm"),
        (RequestStatus.DRAFT, "portrait"),
        (RequestStatus.DRAFT, "portrait_crop"),
        (RequestStatus.DRAFT, "verify"),
        (RequestStatus.SUBMITTED, "shipping"),
        (RequestStatus.SUBMITTED, "withdraw"),
        (RequestStatus.NEEDS_AMENDMENT, "amend"),
    ],
)
def test_every_page_that_acts_says_why_not(client, guardian, ward, grow_up, status, name):
    card_request = make(status, ward, guardian)
    grow_up()
    url = reverse(f"application:{name}", args=[card_request.reference])
    response = client.post(url, {"x": "1"}, follow=True)
    assert response.redirect_chain[-1][0] == card_request.get_absolute_url()
    assert "孩子已满16周岁，您不能再代为办理" in response.content.decode()
    card_request.refresh_from_db()
    assert card_request.status == status


def test_the_other_guardian_sees_it_too_and_a_stranger_does_not(guardian, ward, grow_up):
    other = make_holder(sex=Sex.FEMALE)
    make_guardianship(other, ward)
    card_request = make(RequestStatus.ACCEPTED, ward, guardian)
    grow_up()
    url = card_request.get_absolute_url()
    assert as_client(other).get(url).status_code == 200
    assert as_client(make_holder()).get(url).status_code == 404


def test_it_is_gone_when_it_ends(client, guardian, ward, grow_up):
    card_request = make(RequestStatus.COLLECTED, ward, guardian)
    grow_up()
    assert client.get(card_request.get_absolute_url()).status_code == 404


def test_home_lists_it_among_what_others_do(client, guardian, ward, grow_up):
    card_request = make(RequestStatus.SUBMITTED, ward, guardian)
    grow_up()
    page = client.get(reverse("home:home")).content.decode()
    mine, others = page.split("正在办理</h2>")
    assert card_request.get_absolute_url() in others
    assert card_request.reference not in mine


def test_the_young_person_goes_on_with_it_and_begins_own_ones_unseen(
    client, guardian, ward, grow_up
):
    card_request = make(RequestStatus.SUBMITTED, ward, guardian)
    grow_up()
    holder, _ = enter_staff_member(
        employee_number="Y1",
        id_number=ward.id_number,
        particulars={},
        by=None,
        at=timezone.now(),
    )
    card_request = CardRequest.objects.get(pk=card_request.pk)
    services.withdraw(card_request=card_request, by=holder.user, at=timezone.now())
    own = make_draft(holder=holder, at=timezone.now())
    assert as_client(holder).get(own.get_absolute_url()).status_code == 200
    assert client.get(own.get_absolute_url()).status_code == 404
