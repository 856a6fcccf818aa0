"""Whoever may not send a form any more finds on the answer what they wrote in it, to copy."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import RequestStatus
from apps.common.moments import day_of
from tests.factories.cards import make_draft, make_request
from tests.factories.people import make_holder, make_reviewer, make_ward, set_birth_date

pytestmark = pytest.mark.django_db
WRITTEN = "照片里的人戴着帽子，请换一张。"


def answer(client, url, **data):
    response = client.post(url, data)
    return response.status_code, response.content.decode()


def test_a_reviewer_whose_role_was_withdrawn_meanwhile(client):
    reviewer, case = make_reviewer(), make_request(RequestStatus.ACCEPTED)
    client.force_login(reviewer)
    reviewer.groups.clear()
    url = reverse("admin:cards_cardrequest_reject", args=[case.reference])
    status, page = answer(client, url, reason=WRITTEN, status_since="2026-11-30")
    assert status == 403
    assert page.count(WRITTEN) == 1
    assert "2026-11-30" not in page


def test_a_guardian_whose_child_has_turned_16_meanwhile(client):
    guardian = make_holder()
    ward = make_ward(guardian)
    draft = make_draft(holder=ward, by=guardian.user)
    client.force_login(guardian.user)
    set_birth_date(ward, day_of(timezone.now()) - timedelta(days=17 * 366))
    url = reverse("application:form", args=[draft.reference])
    status, page = answer(client, url, address="山东省济南市历下区文化东路 88 号")
    assert status == 404
    assert "文化东路 88 号" in page


def test_what_is_secret_and_what_a_page_without_a_form_asks_is_not_shown(client):
    client.force_login(make_holder().user)
    _, page = answer(client, "/nothing/", password="密码是一个秘密", code="验证码")
    assert "您刚才填写" not in page
    assert "您刚才填写" not in client.get("/nothing/", {"q": WRITTEN}).content.decode()
