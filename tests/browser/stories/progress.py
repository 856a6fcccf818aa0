"""制卡进度查询 of the only request."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from apps.cards.enums import RequestStatus
from tests.browser.taps import story
from tests.factories.cards import make_request


def in_production(holder):
    make_request(RequestStatus.APPROVED, holder=holder, at=timezone.now() - timedelta(days=1))


@story(
    "progress",
    title="制卡进度查询 of the only request",
    most_taps=1,
    most_fields=0,
    before="2 taps",
    prepare=in_production,
)
def progress(hand, holder):
    hand.tap(hand.page.locator('main a[href^="/progress/"]').filter(visible=True))
    expect(hand.page.get_by_role("heading", level=1)).to_contain_text("进度")
    expect(hand.page.get_by_text("审核通过").first).to_be_visible()
