"""证明某一时刻这张卡能否使用: the question and its answer."""

import re

import pytest
from django.utils import timezone

from apps.cards.enums import CardAction, CardStatus
from apps.events.enums import AS_WORKER, Channel, Role
from apps.lifecycle import engine
from tests.factories.loss_reports import report
from tests.factories.moments import ago
from tests.factories.people import make_reviewer
from tests.loss_report.steps import HTMX, text, url

pytestmark = pytest.mark.django_db


def test_the_answer_tells_of_the_past_from_the_events(client, card):
    report(card, at=ago(days=3))
    engine.move(
        card,
        CardAction.LIFT,
        by=card.holder.user,
        role=Role.HOLDER,
        at=ago(days=1),
        channel=Channel.WEB,
    )

    def ask(at):
        moment = f"{timezone.localtime(at):%Y-%m-%dT%H:%M:%S}"
        return client.get(url("usable", card), {"at": moment}).context["answer"]

    assert ask(ago(days=60)).status is None
    assert ask(ago(days=5)).is_usable
    assert ask(ago(days=2)).status == CardStatus.SUSPENDED
    assert ask(ago(hours=1)).is_usable
    assert [fact.label for fact in ask(ago(days=2)).facts] == ["制卡成功", "启用", "临时挂失"]


def test_an_end_that_was_written_down_later_shows_both_times(client, card):
    loss_report = report(card, at=ago(days=20))
    engine.move(
        card,
        CardAction.EXPIRE,
        at=ago(days=2),
        **AS_WORKER,
        due_at=loss_report.ends_at,
    )
    fact = client.get(url("usable", card)).context["answer"].facts[-1]
    assert fact.at == loss_report.ends_at
    assert fact.recorded_at > fact.at
    assert "系统登记于" in text(client.get(url("usable", card)))


def test_an_end_that_nobody_has_written_down_is_among_the_facts(client, card):
    loss_report = report(card, at=ago(days=20))
    fact = client.get(url("usable", card)).context["answer"].facts[-1]
    assert (fact.label, fact.at) == ("到期自动恢复", loss_report.ends_at)


@pytest.mark.parametrize("typed", ["tomorrow", "", "9999-01-01T00:00"])
def test_a_moment_that_cannot_be_asked_is_refused_in_words(client, card, typed):
    for headers in ({}, HTMX):
        response = client.get(url("usable", card), {"at": typed}, **headers)
        assert response.context["answer"] is None
        assert response.context["form"].errors["at"][0] in text(response)


def test_the_answer_for_htmx_is_the_one_on_the_page(client, card):
    moment = {"at": f"{timezone.localtime(ago(days=2)):%Y-%m-%dT%H:%M:%S}"}
    fragment = text(client.get(url("usable", card), moment, **HTMX)).strip()
    page = text(client.get(url("usable", card), moment))
    without_clock = re.compile(r"\d\d:\d\d:\d\d(</span>)*（北京时间）|查询于 [^，。]+")
    assert without_clock.sub("", fragment) in without_clock.sub("", page)
    assert "<html" not in fragment


def test_a_reviewer_reads_the_answer_masked_and_nothing_else(client, card):
    client.force_login(make_reviewer())
    page = text(client.get(url("usable", card)))
    assert "*超" in page
    assert card.card_number not in page
    for name in ("detail", "report", "lift"):
        assert client.get(url(name, card)).status_code == 404
