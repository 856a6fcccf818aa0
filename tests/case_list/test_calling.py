"""手机号 from a list: one click, recorded, and back to the same list."""

import pytest
from django.urls import reverse

from apps.cards.enums import RequestStatus
from apps.desk import roles
from apps.events.models import Event
from tests.factories.cards import make_request
from tests.factories.people import make_colleague, make_holder, make_reviewer, make_ward

pytestmark = pytest.mark.django_db

LIST = reverse("admin:cards_cardrequest_changelist")


def address_of(card_request):
    return reverse("admin:cards_cardrequest_phone", args=[card_request.reference])


@pytest.mark.parametrize(
    "page",
    [LIST, reverse("admin:bulk_bulkrun_new"), reverse("admin:bulk_bulkrun_sheet")],
    ids=["list", "bulk", "contact sheet"],
)
def test_a_button_beside_each_person_leads_to_the_number(desk, page):
    card_request = make_request(RequestStatus.ACCEPTED)
    html = desk.get(page, {"stage": "waiting"}, follow=True).content.decode()
    assert f'formaction="{address_of(card_request)}' in html
    assert '<form id="phone" method="post">' in html
    assert card_request.particulars.phone not in html


def test_the_look_is_recorded_and_leads_back_to_the_list(desk, reviewer):
    card_request = make_request(RequestStatus.ACCEPTED)
    query = "?_changelist_filters=stage%3Dwaiting"
    html = desk.post(address_of(card_request) + query).content.decode()
    number = card_request.particulars.phone
    assert f'href="tel:{number}">{number}</a>' in html
    assert f'href="{LIST}?stage=waiting"' in html
    look = Event.objects.looks().get()
    assert (look.by, look.subject_id, look.facts["what"]) == (reviewer, card_request.pk, "手机号")


def test_another_number_of_the_roster_stands_beside_the_one_of_the_form(desk):
    card_request = make_request(RequestStatus.ACCEPTED)
    holder = card_request.holder
    holder.phone = "13900001234"
    holder.save()
    html = desk.post(address_of(card_request)).content.decode()
    assert "手机号（申请里填的）" in html
    assert "手机号（人事名册）" in html
    assert "13900001234" in html


def test_a_party_is_led_back_and_sees_no_number(client):
    reviewer = make_reviewer()
    guardian = make_holder(user=reviewer)
    card_request = make_request(RequestStatus.ACCEPTED, holder=make_ward(guardian), by=reviewer)
    client.force_login(reviewer)
    answer = client.post(address_of(card_request), follow=True)
    assert answer.redirect_chain[0][0] == LIST
    assert card_request.particulars.phone not in answer.content.decode()
    assert not Event.objects.looks().exists()


def test_following_the_address_shows_nothing(client):
    card_request = make_request(RequestStatus.ACCEPTED)
    client.force_login(make_colleague(roles.AUDITOR))
    answer = client.get(address_of(card_request), follow=True)
    assert card_request.particulars.phone not in answer.content.decode()
    assert not Event.objects.looks().exists()
