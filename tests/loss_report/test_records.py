"""挂失记录: what was, and what a suspension reads as."""

import re
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import CardAction, CardStatus
from apps.cards.models import Card
from apps.common.templatetags.formats import moment
from apps.events.enums import Channel, Role
from apps.lifecycle import engine
from apps.loss_report import services
from apps.loss_report.views import listing
from apps.verification.enums import Purpose
from tests.dates import in_words
from tests.factories.cards import make_card
from tests.factories.checks import pass_check
from tests.factories.loss_reports import report
from tests.factories.moments import ago
from tests.factories.people import make_holder, make_reviewer, make_ward
from tests.loss_report.steps import GUIDE, HTMX, text, url

pytestmark = pytest.mark.django_db

RECORDS = reverse("loss_report:records")


def test_the_countdown_is_given_the_server_s_time_and_the_end(client, card):
    loss_report = report(card, at=ago(hours=1))
    before = timezone.now()
    page = text(client.get(url("detail", card)))
    until = re.search(r'data-countdown="([^"]+)"', page)[1]
    now = re.search(r'data-countdown-now="([^"]+)"', page)[1]
    assert datetime.fromisoformat(until) == loss_report.ends_at
    assert before <= datetime.fromisoformat(now) <= timezone.now()
    assert "countdown.js" in page


def test_a_suspension_that_is_over_reads_as_active_on_every_page(client, card):
    loss_report = report(card, at=ago(days=20))
    assert Card.objects.get(pk=card.pk).status == CardStatus.SUSPENDED
    assert client.get(GUIDE).url == url("report", card)
    child = make_card(holder=make_ward(card.holder), by=card.holder.user, at=ago(days=30))
    guide = client.get(GUIDE)
    assert [(row["card"], row["status"]) for row in guide.context["rows"]] == [
        (card, CardStatus.ACTIVE),
        (child, CardStatus.ACTIVE),
    ]
    assert url("report", card) in text(guide)
    detail = in_words(text(client.get(url("detail", card))))
    assert "「正常」" in detail
    assert f"<dt>到期自动恢复</dt><dd>{moment(loss_report.ends_at)}</dd>" in detail
    assert "data-countdown" not in detail
    assert "到期自动恢复" in text(client.get(RECORDS))
    assert "能使用" in text(client.get(url("usable", card)))


def test_a_formal_loss_reads_as_such_before_the_report_is_closed(client, card):
    report(card, at=ago(days=2))
    engine.move(
        card,
        CardAction.CONFIRM_LOSS,
        by=make_reviewer(),
        role=Role.REVIEWER,
        at=ago(days=1),
        channel=Channel.ADMIN,
    )
    assert "已转为正式挂失" in text(client.get(RECORDS))
    detail = text(client.get(url("detail", card)))
    assert "「正式挂失」" in detail
    assert url("lift", card) not in detail


def lost_and_found(card, *, at):
    report(card, at=at)
    by = card.holder.user
    pass_check(holder=card.holder, by=by, purpose=Purpose.LOSS_REPORT, at=at)
    services.lift(card=card, by=by, at=at + timedelta(minutes=10))


def test_htmx_adds_older_records_and_without_it_they_are_a_page(client, card, monkeypatch):
    monkeypatch.setattr(listing, "PER_PAGE", 2)
    for number in range(3):
        lost_and_found(card, at=ago(days=25 - number))
    first = text(client.get(RECORDS))
    assert first.count("<article") == 2
    assert 'href="?page=2"' in first
    more = client.get(RECORDS + "?page=2", **HTMX)
    assert text(more).count("<article") == 1
    assert "<html" not in text(more)
    page = text(client.get(RECORDS + "?page=2"))
    assert text(more).strip() in page
    assert 'href="?page=1"' in page
    assert "HX-Request" in more["Vary"]


def test_without_records_the_page_says_so(client, card):
    assert "还没有挂失记录" in text(client.get(RECORDS))


def queries(client, page):
    with CaptureQueriesContext(connection) as captured:
        client.get(page)
    return len(captured)


def test_6_cards_cost_as_many_queries_as_2(client):
    guardian = make_holder()
    client.force_login(guardian.user)
    counts = []
    for children in (2, 4):
        for _ in range(children):
            card = make_card(holder=make_ward(guardian), by=guardian.user, at=ago(days=30))
            report(card, at=ago(days=1), by=guardian.user)
        counts.append([queries(client, page) for page in (GUIDE, RECORDS)])
    assert counts[0] == counts[1]
