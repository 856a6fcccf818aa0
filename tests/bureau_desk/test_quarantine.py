"""Lines in quarantine: looked at on a logged click, corrected or dismissed."""

import pytest
from django.utils import timezone

from apps.bureau import applying
from apps.bureau.enums import LineAction, LineStatus
from apps.bureau.models import QuarantinedLine
from apps.cards.enums import RequestStatus
from apps.desk.event_kinds import DeskLineAction
from tests.book import desk_events
from tests.bureau_desk.pages import status_of, text, url
from tests.factories.bureau import (
    csv_lines,
    hear,
    line_of,
    made,
    make_orders,
    receive,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def line():
    receive(csv_lines("破损的,一行"))
    return QuarantinedLine.objects.get()


def test_what_stands_in_a_line_is_shown_on_a_logged_click_only(client, supervisor, line):
    assert "破损的" not in text(client.get(url("quarantinedline_changelist")))
    assert "破损的" not in text(client.get(url("quarantinedline_change", line.reference)))
    look = url("quarantinedline_look", line.reference)
    assert "请写明查看原文的原因" in text(client.post(look, {"look-reason": " "}))
    assert "破损的" in text(client.post(look, {"look-reason": "向制卡中心核实"}))
    event = desk_events().get(action=DeskLineAction.LOOK)
    assert (event.by, event.reference, event.reason) == (
        supervisor,
        line.reference,
        "向制卡中心核实",
    )


def test_a_corrected_line_goes_through_the_same_parser(client, supervisor, line):
    [order] = make_orders(1)
    correct = url("quarantinedline_correct", line.reference)
    typed = line_of(made(order, card_number="错"))
    page = text(client.post(correct, {"correct-content": typed}))
    assert "社保卡号应为 9 位大写字母和数字。" in page
    assert typed in page, "what was typed stays"
    client.post(correct, {"correct-content": line_of(made(order))})
    line.refresh_from_db()
    assert (line.status, line.report.reference) == (LineStatus.CORRECTED, made(order).reference)
    applying.apply_due(at=timezone.now(), limit=10)
    assert status_of(order) == RequestStatus.PRODUCED
    event = line.events.last()
    assert (event.action, event.by) == (LineAction.CORRECT, supervisor)
    assert event.facts == {"report": line.report.reference}


@pytest.mark.parametrize(
    ("card_number", "says"), [("A00000001", "以前已经收到过"), ("A99999999", "报过不同的内容")]
)
def test_a_correction_never_repeats_or_contradicts_what_is_known(
    client, supervisor, line, card_number, says
):
    [order] = make_orders(1)
    hear(made(order))
    typed = line_of(made(order, card_number=card_number))
    page = client.post(url("quarantinedline_correct", line.reference), {"correct-content": typed})
    assert says in text(page)
    line.refresh_from_db()
    assert line.status == LineStatus.OPEN


def test_a_line_is_dismissed_with_a_reason_and_once(client, supervisor, line):
    dismiss = url("quarantinedline_dismiss", line.reference)
    assert "请写明为什么不再处理" in text(client.post(dismiss, {"dismiss-reason": ""}))
    client.post(dismiss, {"dismiss-reason": "已用另一行更正"})
    again = client.post(dismiss, {"dismiss-reason": "又一次"}, follow=True)
    assert "这一行不用再处理" in text(again)
    assert "又一次" in text(again)  # what was typed is there to copy
    line.refresh_from_db()
    assert line.status == LineStatus.DISMISSED
    set_aside, dismissed = line.events
    assert (set_aside.action, set_aside.by) == (LineAction.SET_ASIDE, None)
    assert (dismissed.by, dismissed.reason) == (supervisor, "已用另一行更正")
    assert not desk_events().exists(), "a move is not recorded twice"
    assert "第 2 行" not in text(client.get(url("quarantinedline_changelist")))
    assert "第 2 行" in text(client.get(url("quarantinedline_changelist"), {"state": "all"}))
