"""A search of the desk by somebody's own number is a look at the person, wherever it is typed."""

import pytest
from django.urls import reverse

from apps.cards.enums import RequestStatus
from apps.desk import roles
from tests.book import looks
from tests.factories.cards import make_request
from tests.factories.people import make_colleague, make_id_number

pytestmark = pytest.mark.django_db

REQUESTS = "admin:cards_cardrequest_changelist", "q", roles.REVIEWER
PEOPLE = "admin:people_holder_changelist", "q", roles.SUPERVISOR
BOOK = "admin:events_event_changelist", "q", roles.AUDITOR
CHANGE = "admin:person_changes_personchange_propose", "holder", roles.REVIEWER
BY_ID_NUMBER, BY_PHONE = [REQUESTS, PEOPLE, BOOK, CHANGE], [REQUESTS, PEOPLE]


def search(client, place, term):
    """The member of the staff who searched."""
    page, name, role = place
    user = make_colleague(role)
    client.force_login(user)
    assert client.post(reverse(page), {name: term}).status_code in (200, 302)
    return user


def told(user):
    return [(look.holder_id, look.facts["what"]) for look in looks().filter(by=user)]


@pytest.mark.parametrize("place", BY_ID_NUMBER, ids=lambda place: place[0])
def test_a_search_by_id_number_is_a_look(client, place):
    holder = make_request(RequestStatus.ACCEPTED).holder
    user = search(client, place, f" {holder.id_number} ")
    assert told(user) == [(holder.pk, "按社会保障号码查找")]


@pytest.mark.parametrize("place", BY_PHONE, ids=lambda place: place[0])
def test_a_search_by_phone_is_a_look(client, place):
    holder = make_request(RequestStatus.ACCEPTED).holder
    assert told(search(client, place, holder.phone)) == [(holder.pk, "按手机号查找")]


@pytest.mark.parametrize("place", BY_ID_NUMBER, ids=lambda place: place[0])
def test_a_number_that_nobody_has_is_recorded_as_well(client, place):
    user = search(client, place, make_id_number())
    assert told(user) == [(None, "按社会保障号码查找，没有找到")]


@pytest.mark.parametrize("place", BY_ID_NUMBER, ids=lambda place: place[0])
def test_a_public_number_is_no_look(client, place):
    holder = make_request(RequestStatus.ACCEPTED).holder
    assert told(search(client, place, holder.user.employee_number)) == []


def test_a_new_number_that_is_somebody_s_is_a_look(client):
    """The refusal says that the number is somebody's."""
    holder, other = (make_request(RequestStatus.ACCEPTED).holder for _ in range(2))
    user = make_colleague(roles.REVIEWER)
    client.force_login(user)
    number = {"holder": holder.user.employee_number, "new_number": other.id_number}
    client.post(reverse(CHANGE[0]), {"kind": "ID_NUMBER", "propose": "1", **number})
    assert told(user) == [(other.pk, "按社会保障号码查找")]
