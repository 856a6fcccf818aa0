"""HR answers what people asked to have corrected, and the answer reaches them."""

import pytest
from django.urls import reverse

from apps.desk import roles
from apps.my_data import services
from apps.my_data.enums import CorrectionStatus
from apps.notices import words
from apps.notices.models import Notice
from apps.notices.services import collect
from tests.factories.cards import AT
from tests.factories.people import make_colleague, make_holder

pytestmark = pytest.mark.django_db
LIST = reverse("admin:my_data_correction_changelist")


@pytest.fixture
def correction():
    holder = make_holder()
    return services.ask(holder=holder, topic="IDENTITY", text="民族应为回族", by=holder.user, at=AT)


def page_of(correction):
    return reverse("admin:my_data_correction_change", args=[correction.reference])


def test_the_answer_reaches_who_asked(client, correction):
    client.force_login(make_colleague(roles.SUPERVISOR))
    assert correction.topic_label in client.get(LIST).content.decode()
    page = client.get(page_of(correction)).content.decode()
    assert "民族应为回族" in page
    assert correction.holder.name not in page
    client.post(page_of(correction), {"result": "corrected", "text": "已按身份证改为回族"})
    correction.refresh_from_db()
    assert correction.status == CorrectionStatus.CORRECTED
    collect(at=correction.answered_at, limit=10)
    notices = Notice.objects.filter(event=correction.events.last())
    assert {notice.recipient for notice in notices} == {correction.asked_by}
    (event,) = words.with_facts([correction.events.last().pk])
    assert "已按身份证改为回族" in words.text(event, correction.asked_by)


def test_an_answer_without_words_is_no_answer(client, correction):
    client.force_login(make_colleague(roles.SUPERVISOR))
    page = client.post(page_of(correction), {"result": "declined", "text": ""}).content.decode()
    assert "请写明答复" in page
    correction.refresh_from_db()
    assert correction.is_open


def test_nobody_answers_their_own(client):
    user = make_colleague(roles.SUPERVISOR)
    holder = make_holder(user=user)
    own = services.ask(holder=holder, topic="IDENTITY", text="民族", by=user, at=AT)
    client.force_login(user)
    client.post(page_of(own), {"result": "corrected", "text": "已改"})
    own.refresh_from_db()
    assert own.is_open


def test_an_auditor_reads_and_does_not_answer(client, correction):
    client.force_login(make_colleague(roles.AUDITOR))
    assert client.get(page_of(correction)).status_code == 200
    response = client.post(page_of(correction), {"result": "corrected", "text": "已改"})
    assert response.status_code == 403
