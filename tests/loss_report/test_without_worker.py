"""Worker and beat stopped, the end two days past: everything says 正常 and when it became so."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import CardStatus
from apps.cards.lifecycle import CARD
from apps.cards.models import Card
from apps.common.templatetags.formats import moment
from apps.events.models import Event
from apps.loss_report.lifecycle import LOSS_REPORT
from apps.loss_report.models import LossReport
from tests.factories.cards import make_card
from tests.factories.loss_reports import report
from tests.factories.people import grant, make_reviewer
from tests.shown import words

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def ended(client):
    """A report whose end is two days past and was written down by nobody; its holder signed in."""
    now = timezone.now()
    card = make_card(at=now - 30 * DAY)
    loss_report = report(card, at=now - 10 * DAY)
    assert now - 3 * DAY < loss_report.ends_at <= now - 2 * DAY
    client.force_login(card.holder.user)
    events = Event.objects.of_kind(CARD, LOSS_REPORT).count()
    yield loss_report
    assert Card.objects.get(pk=card.pk).status == CardStatus.SUSPENDED
    assert Event.objects.of_kind(CARD, LOSS_REPORT).count() == events


def page(client, name, *args, **query):
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200
    return response.content.decode()


def test_the_pages_of_the_holder(client, ended):
    card, end = ended.card, moment(ended.ends_at)
    to_report = reverse("loss_report:report", args=[card.reference])
    assert client.get(reverse("loss_report:guide")).url == to_report
    records = page(client, "loss_report:records")
    assert '<span class="tag ok">到期自动恢复</span>' in records
    assert f"结束时间{end}" in words(records)
    assert "临时挂失中" not in records
    detail = page(client, "loss_report:detail", card.reference)
    assert "这张卡现在是「正常」" in detail
    assert f"到期自动恢复{end}" in words(detail)
    assert reverse("loss_report:lift", args=[card.reference]) not in detail
    report = page(client, "loss_report:report", card.reference)
    assert 'class="face is-active' in report
    assert "马上生效" in report
    lift = client.get(reverse("loss_report:lift", args=[card.reference]))
    assert lift.url == reverse("loss_report:detail", args=[card.reference])


def test_the_answer_whether_the_card_was_usable(client, ended):
    url = reverse("loss_report:usable", args=[ended.card.reference])

    def answer(at):
        return client.get(url, {"at": f"{timezone.localtime(at):%Y-%m-%dT%H:%M:%S}"}).context[
            "answer"
        ]

    assert answer(ended.ends_at - timedelta(seconds=1)).status == CardStatus.SUSPENDED
    assert answer(ended.ends_at).is_usable
    now = client.get(url).context["answer"]
    assert now.status == CardStatus.ACTIVE
    labels = [fact.label for fact in now.facts]
    assert labels == ["制卡成功", "启用", "临时挂失", "到期自动恢复"]
    moments = [fact.at for fact in now.facts]
    assert moments == sorted(moments)
    assert moments[-1] == ended.ends_at


def test_the_lists_filters_and_pages_of_the_admin(client, ended):
    auditor = make_reviewer()
    grant(auditor, "view_lossreport", "view_card")
    client.force_login(auditor)
    report_list = "admin:loss_report_lossreport_changelist"
    assert 'class="field-status_now">到期自动恢复</td>' in page(client, report_list)
    shown = page(client, "admin:loss_report_lossreport_change", ended.pk)
    assert "到期自动恢复" in shown
    assert moment(ended.ends_at) in words(shown)
    for name, past, present in (
        (report_list, "OPEN", "EXPIRED"),
        ("admin:cards_card_changelist", "SUSPENDED", "ACTIVE"),
    ):
        assert "field-status_now" not in page(client, name, status=past)
        assert "field-status_now" in page(client, name, status=present)


def test_nobody_is_reminded_of_what_is_over(client, ended):
    now = timezone.now()
    assert not LossReport.objects.running(now).exists()
    assert not LossReport.objects.to_remind(now, before=30 * DAY).exists()
