"""A draft is given up by its owner: what was typed and the pictures go, and a new one can begin."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from apps.cards.enums import RequestAction, RequestStatus
from apps.cards.models import CardRequest
from apps.requests import retention
from apps.requests.models import Particulars
from apps.requests.services import open_draft
from tests.application.checks import verify
from tests.factories.cards import AT, make_draft, make_request
from tests.factories.people import make_holder, make_ward
from tests.shown import send

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(days=1)


def url(name, card_request):
    return reverse(f"application:{name}", args=[card_request.reference])


def status_of(card_request):
    return CardRequest.objects.get(pk=card_request.pk).status


def test_the_owner_gives_a_draft_up_and_begins_anew(client):
    draft = make_draft()
    client.force_login(draft.applicant)
    picture = default_storage.save("portraits/given-up.jpg", ContentFile(b"x"))
    Particulars.objects.filter(card_request=draft).update(portrait=picture)

    page = client.get(url("discard", draft)).content.decode()
    assert "确定要放弃这份草稿吗" in page
    assert status_of(draft) == RequestStatus.DRAFT, "looking does nothing"
    answer = send(client, url("discard", draft), follow=True)

    assert "草稿已放弃" in answer.content.decode()
    assert "这份草稿已放弃" in answer.content.decode()
    event = draft.events.get(action=RequestAction.DISCARD)
    assert (event.by, event.reason) == (draft.applicant, "")
    row = Particulars.objects.get(card_request=draft)
    assert (row.address, row.phone, row.portrait) == ("", "", "")
    retention.delete_discarded_files(at=LATER + timedelta(days=999), limit=10)
    assert not default_storage.exists(picture)
    # Twice is the same, and the person's one place is free again.
    assert client.post(url("discard", draft)).status_code == 302
    assert draft.events.filter(action=RequestAction.DISCARD).count() == 1
    open_draft(holder=draft.holder, city=draft.city, bank=draft.bank, by=draft.applicant, at=LATER)


def test_the_form_the_progress_and_the_home_lead_there(client):
    draft = make_draft()
    verify(draft)
    client.force_login(draft.applicant)
    for page in (url("form", draft), draft.get_absolute_url(), reverse("home:home")):
        assert url("discard", draft) in client.get(page, follow=True).content.decode(), page


def test_what_is_submitted_is_not_given_up(client):
    card_request = make_request(RequestStatus.SUBMITTED)
    client.force_login(card_request.applicant)
    answer = client.post(url("discard", card_request), follow=True)
    assert "不是草稿，不能放弃" in answer.content.decode()
    assert status_of(card_request) == RequestStatus.SUBMITTED


def test_a_guardian_gives_up_the_child_s_and_nobody_else_does(client):
    guardian = make_holder()
    draft = make_draft(holder=make_ward(guardian), by=guardian.user)
    client.force_login(make_holder().user)
    assert client.post(url("discard", draft)).status_code == 404
    client.force_login(guardian.user)
    send(client, url("discard", draft))
    assert status_of(draft) == RequestStatus.DISCARDED
