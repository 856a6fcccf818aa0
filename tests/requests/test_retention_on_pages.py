"""Pages say that something was deleted, instead of showing a gap."""

import pytest
from django.conf import settings
from django.urls import reverse

from apps.cards.enums import RequestStatus
from apps.common.moments import kept_until
from apps.requests.models import DiscardedFile
from tests.application.checks import verify
from tests.factories.cards import AT, COMPLETE, make_draft, make_request
from tests.factories.people import make_reviewer
from tests.requests.keeping import end_of, sweep, with_pictures

pytestmark = pytest.mark.django_db


def test_the_page_of_a_forgotten_request_says_so(client):
    card_request = make_request(RequestStatus.COLLECTED)
    client.force_login(card_request.applicant)
    sweep(kept_until(end_of(card_request), settings.DATA_RETENTION))
    page = client.get(reverse("application:detail", args=[card_request.reference])).content.decode()
    assert "填写的内容已按" in page
    assert "社会保障号码" not in page
    assert client.get(card_request.get_absolute_url()).status_code == 200


def test_the_page_of_a_request_without_its_picture_says_so(client):
    card_request = make_request(RequestStatus.COLLECTED)
    with_pictures(card_request)
    client.force_login(card_request.applicant)
    sweep(kept_until(end_of(card_request), settings.PORTRAIT_RETENTION))
    page = client.get(reverse("application:detail", args=[card_request.reference])).content.decode()
    assert "照片已到保存期限" in page
    picture = reverse("application:portrait_image", args=[card_request.reference, "final"])
    assert client.get(picture).status_code == 404


def test_the_reviewers_see_that_data_and_picture_are_deleted_not_missing(client):
    card_request = make_request(RequestStatus.COLLECTED)
    with_pictures(card_request)
    client.force_login(make_reviewer())
    sweep(kept_until(end_of(card_request), settings.DATA_RETENTION))
    url = reverse("admin:cards_cardrequest_change", args=[card_request.reference])
    page = client.get(url).content.decode()
    assert "照片已到保存期限" in page
    assert "填写的内容已于" in page
    assert "不一致" not in page
    assert client.get(reverse("admin:cards_cardrequest_changelist")).status_code == 200


def test_the_form_of_an_emptied_draft_says_so(client):
    draft = make_draft()
    verify(draft)
    client.force_login(draft.applicant)
    url = reverse("application:form", args=[draft.reference])
    page = client.get(url).content.decode()
    assert COMPLETE["phone"] in page
    assert "很久没有保存" not in page
    sweep(kept_until(AT, settings.DRAFT_RETENTION))
    page = client.get(url).content.decode()
    assert "很久没有保存" in page
    assert COMPLETE["phone"] not in page


def test_the_administrator_sees_the_files_that_could_not_be_deleted(admin_client):
    DiscardedFile.objects.create(name="portraits/stuck.jpg", discarded_at=AT, next_try_at=AT)
    page = admin_client.get(reverse("admin:requests_discardedfile_changelist")).content.decode()
    assert "portraits/stuck.jpg" in page
