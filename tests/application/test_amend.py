"""修改信息: only what the reviewer named, then 重新受理."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import RequestAction, RequestStatus
from apps.requests.models import Amendment, Particulars
from tests.factories.cards import ask, make_request
from tests.factories.people import make_holder
from tests.shown import Window, send

pytestmark = pytest.mark.django_db

ITEMS = [{"field": "phone", "reason": "手机号打不通"}, {"field": "id_valid", "reason": "看不清"}]
ANSWER = {
    "phone": "13912345678",
    "id_valid_from": "2021-02-03",
    "id_valid_until": "2041-02-03",
}


def asked(client, items=ITEMS):
    """A request with an open amendment, whose owner is signed in."""
    start = timezone.now() - timedelta(hours=1)
    card_request = make_request(RequestStatus.ACCEPTED, at=start)
    ask(card_request, at=start + timedelta(minutes=30), items=items)
    client.force_login(card_request.holder.user)
    return card_request


def url(card_request):
    return reverse("application:amend", args=[card_request.reference])


def saved(card_request):
    return Particulars.objects.get(card_request=card_request)


def test_what_is_typed_is_saved_on_the_way_to_the_portrait_and_nothing_is_answered(client):
    card_request = asked(client, [*ITEMS, {"field": "portrait", "reason": "背景不是白色"}])
    answer = send(client, url(card_request), {"phone": "13912345678", "keep": "portrait"})
    assert answer["Location"] == reverse("application:portrait", args=[card_request.reference])
    assert 'value="13912345678"' in client.get(url(card_request)).content.decode()
    assert Amendment.objects.get().answered_at is None


def test_only_the_named_fields_are_open_with_the_reviewer_s_reasons(client):
    page = client.get(url(asked(client))).content.decode()
    for name in ("phone", "id_valid_from", "id_valid_until"):
        assert f'name="{name}"' in page
    for name in ("address", "occupation", "ethnicity"):
        assert f'name="{name}"' not in page
    assert "手机号打不通" in page
    assert "看不清" in page
    assert "上传照片" not in page


def test_an_answer_is_stored_and_the_request_accepted_again(client):
    card_request = asked(client)
    response = send(client, url(card_request), ANSWER)
    assert response.url == card_request.get_absolute_url()
    card_request.refresh_from_db()
    assert card_request.status == RequestStatus.ACCEPTED
    assert card_request.events.filter(action=RequestAction.AMEND).count() == 1
    assert saved(card_request).phone == "13912345678"
    assert saved(card_request).typed == ""
    assert Amendment.objects.get().answered_by == card_request.holder.user


def test_fields_that_were_not_named_cannot_be_smuggled_in(client):
    card_request = asked(client)
    address = saved(card_request).address
    send(client, url(card_request), ANSWER | {"address": "别的地方别的路八号"})
    assert saved(card_request).address == address


def test_a_wrong_answer_is_told_and_what_was_typed_stays(client):
    card_request = asked(client)
    before = saved(card_request).phone
    page = send(client, url(card_request), ANSWER | {"phone": "1391234"}).content.decode()
    assert "手机号应为 11 位，您填了 7 位。" in page
    assert 'value="1391234"' in client.get(url(card_request)).content.decode()
    assert saved(card_request).phone == before
    card_request.refresh_from_db()
    assert card_request.status == RequestStatus.NEEDS_AMENDMENT


def test_typing_is_kept_while_the_amendment_is_open(client):
    card_request = asked(client)
    before = saved(card_request).phone
    autosave = reverse("application:autosave", args=[card_request.reference])
    assert send(client, autosave, {"phone": "139"}, page=url(card_request)).status_code == 200
    assert 'value="139"' in client.get(url(card_request)).content.decode()
    assert saved(card_request).phone == before


def test_answering_twice_is_answering_once(client):
    card_request = asked(client)
    window = Window(client, url(card_request))
    first, again = (window.send("amend", **ANSWER) for _ in range(2))
    assert first.url == again.url
    assert saved(card_request).phone == "13912345678"


def test_a_portrait_that_was_asked_for_has_to_be_a_new_one(client):
    card_request = asked(client, [{"field": "portrait", "reason": "背景不是白色"}])
    page = send(client, url(card_request)).content.decode()
    assert "请上传电子照片" in page
    card_request.refresh_from_db()
    assert card_request.status == RequestStatus.NEEDS_AMENDMENT
    Particulars.objects.filter(card_request=card_request).update(portrait_saved_at=timezone.now())
    assert send(client, url(card_request)).url == card_request.get_absolute_url()
    card_request.refresh_from_db()
    assert card_request.status == RequestStatus.ACCEPTED


def test_without_an_open_amendment_the_page_leads_to_the_progress(client):
    card_request = make_request(RequestStatus.ACCEPTED)
    client.force_login(card_request.holder.user)
    assert client.get(url(card_request)).url == card_request.get_absolute_url()


def test_another_person_finds_nothing(client):
    card_request = asked(client)
    client.force_login(make_holder().user)
    assert client.get(url(card_request)).status_code == 404
    assert send(client, url(card_request), ANSWER).status_code == 404
