"""临时挂失, which protects and needs no check; and 解除挂失, on one page."""

import re

from playwright.sync_api import expect

from tests.browser.stories.activate import prove
from tests.browser.taps import story
from tests.factories.cards import make_card
from tests.factories.loss_reports import report
from tests.factories.moments import ago


def active(holder):
    make_card(holder=holder, at=ago(days=30))


def suspended(holder):
    report(make_card(holder=holder, at=ago(days=30)), at=ago(days=1))


@story(
    "report_loss",
    title="临时挂失",
    most_taps=2,
    most_fields=0,
    before="3 taps",
    prepare=active,
)
def report_loss(hand, holder):
    hand.tap("找不到卡？先挂失")
    hand.tap("确认临时挂失")
    expect(hand.page.get_by_role("timer")).to_contain_text("天")


@story(
    "lift_loss",
    title="解除挂失",
    most_taps=3,
    most_fields=2,
    before="7 taps, 6 pages",
    prepare=suspended,
)
def lift_loss(hand, holder):
    hand.tap("卡找到了，解除挂失")
    prove(hand)
    hand.tap("确认解除挂失")
    expect(hand.page).to_have_url(re.compile(r"/$"))
    expect(hand.page.get_by_role("status").first).to_contain_text("已解除挂失")
    expect(hand.page.get_by_role("heading", name="可以正常使用")).to_be_visible()
