"""启用 and 临时挂失 as people see them, on a phone and on a desktop, and the way through."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from apps.cards.enums import CardStatus, RequestStatus
from apps.cards.models import Card
from tests.browser.steps import prove_by_code
from tests.chromium import DESKTOP, PHONE, assert_fits
from tests.factories.cards import make_card, make_request
from tests.factories.loss_reports import report
from tests.factories.moments import ago
from tests.factories.people import make_holder, make_ward

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NARROW = {"width": 320, "height": 640}
WITH_AND_WITHOUT = pytest.mark.parametrize(
    "script",
    [True, pytest.param(False, marks=pytest.mark.slow)],
    ids=["with script", "without script"],
)


def stored(card):
    return Card.objects.get(pk=card.pk)


@pytest.fixture
def holder(settings):
    settings.SMS_SENDER = "apps.notices.senders.outbox.OutboxSms"
    return make_holder()


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP, NARROW], ids=["phone", "desktop", "narrow"])
def test_every_page_is_accessible_and_fits(signed_in, holder, assert_accessible, viewport, scheme):
    own = make_card(holder=holder, at=ago(days=60))
    report(own, at=ago(days=40))
    lost, sealed = (
        make_card(status, holder=make_ward(holder), by=holder.user, at=ago(days=60))
        for status in (CardStatus.ACTIVE, CardStatus.SEALED)
    )
    report(lost, at=ago(hours=5), by=holder.user)
    making = make_ward(holder)
    make_request(RequestStatus.APPROVED, holder=making, by=holder.user, at=ago(days=1))
    page = signed_in(holder, viewport=viewport, color_scheme=scheme)
    for path in [
        "/activate/",
        "/activate/records/",
        f"/activate/{sealed.reference}/",
        f"/activate/{own.reference}/",
        f"/activate/{own.reference}/done/",
        "/loss/",
        "/loss/records/",
        f"/loss/{own.reference}/",
        f"/loss/{own.reference}/report/",
        f"/loss/{own.reference}/usable/",
        f"/loss/{lost.reference}/",
        f"/loss/{lost.reference}/lift/",
        f"/loss/{sealed.reference}/report/",
    ]:
        page.goto(path)
        if page.locator("#check").count():
            expect(page.locator("#check")).to_contain_text("验证码已发到")
        assert_accessible(page)
        for change in ("", "classList.add('elder')", "style.fontSize = '200%'"):
            page.evaluate(f"document.documentElement.{change or 'className'}")
            assert_fits(page)


@WITH_AND_WITHOUT
def test_a_card_that_came_by_post_is_activated(signed_in, holder, script):
    card_request = make_request(RequestStatus.DISPATCHED, holder=holder, at=ago(days=3))
    page = signed_in(holder, viewport=PHONE, java_script_enabled=script)
    page.goto("/activate/")
    prove_by_code(page, "确认启用", script=script)
    expect(page.get_by_role("heading", name="社保功能已启用")).to_be_visible()
    card_request.refresh_from_db()
    assert (card_request.status, stored(card_request.card).status) == (
        RequestStatus.COLLECTED,
        CardStatus.ACTIVE,
    )
    page.get_by_role("link", name="查看启用记录").click()
    expect(page.get_by_text("网上办理")).to_be_visible()


@WITH_AND_WITHOUT
def test_a_card_is_lost_and_found(signed_in, holder, script):
    card = make_card(holder=holder, at=ago(days=30))
    page = signed_in(holder, viewport=PHONE, java_script_enabled=script)
    page.goto("/loss/")
    page.get_by_role("button", name="确认临时挂失").click()
    expect(page.get_by_role("timer")).to_contain_text("天")
    assert stored(card).status == CardStatus.SUSPENDED
    page.get_by_role("link", name="卡找到了，解除挂失").click()
    prove_by_code(page, "确认解除挂失", script=script)
    expect(page.get_by_role("heading", name="可以正常使用")).to_be_visible()
    assert stored(card).status == CardStatus.ACTIVE


@pytest.mark.slow
@pytest.mark.parametrize("clock", ["2019-01-01T00:00:00", "2039-01-01T00:00:00"])
def test_the_countdown_does_not_believe_a_wrong_clock_and_a_reload_changes_nothing(
    signed_in, holder, clock
):
    card = make_card(holder=holder, at=ago(days=30))
    ends_at = report(card, at=ago(minutes=1)).ends_at
    page = signed_in(holder, viewport=PHONE, is_own=True)
    page.add_init_script(
        "{ const wrong = Date.parse('" + clock + "') - Date.now(); const real = Date.now;"
        " Date.now = () => real.call(Date) + wrong; }"
    )
    for _ in range(2):
        page.goto(f"/loss/{card.reference}/")
        page.wait_for_timeout(1500)
        days, hours = re.fullmatch(
            r"(\d+)天(?:(\d+)小时)?", page.get_by_role("timer").inner_text()
        ).groups()
        left = timedelta(days=int(days), hours=int(hours or 0))
        rest = ends_at - timezone.now() - left  # less than the hour that is not written
        assert timedelta(seconds=-70) < rest < timedelta(hours=1, seconds=70)


def test_the_moment_is_asked_without_leaving_the_page(signed_in, holder):
    card = make_card(holder=holder, at=ago(days=30))
    report(card, at=ago(days=2))
    page = signed_in(holder, viewport=PHONE)
    page.goto(f"/loss/{card.reference}/usable/")
    expect(page.get_by_text("正在临时挂失")).to_be_visible()
    before = f"{timezone.localtime(ago(days=3)):%Y-%m-%dT%H:%M:%S}"
    page.get_by_label("查询时刻").fill(before)
    page.get_by_role("button", name="查询这个时刻").click()
    expect(page.get_by_text("那时这张社保卡是正常的")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/usable/\?at="))
    expect(page.get_by_role("button", name="打印")).to_be_visible()


def ask(page, moment):
    """Ask whether the card was usable then; the answer is there."""
    page.get_by_label("查询时刻").fill(f"{timezone.localtime(moment):%Y-%m-%dT%H:%M:%S}")
    page.get_by_role("button", name="查询这个时刻").click()
    # The browser leaves out seconds that are none.
    expect(page).to_have_url(re.compile(f"{timezone.localtime(moment):%H%%3A%M}"))


def test_back_from_one_moment_to_another_shows_whole_pages(signed_in, holder):
    card = make_card(holder=holder, at=ago(days=30))
    report(card, at=ago(days=2))
    page = signed_in(holder, viewport=DESKTOP)
    page.goto(f"/loss/{card.reference}/usable/")
    ask(page, ago(days=3, minutes=7))
    expect(page.get_by_text("那时这张社保卡是正常的")).to_be_visible()
    ask(page, ago(days=1, minutes=23))
    expect(page.get_by_text("那时这张社保卡正在临时挂失")).to_be_visible()
    answers = ["那时这张社保卡是正常的", "那时这张社保卡正在临时挂失"]
    for is_first, answer in enumerate(answers):
        page.go_back()
        expect(page).to_have_url(re.compile("/usable/$" if is_first else r"/usable/\?at="))
        expect(page.get_by_text(answer)).to_be_visible()
        expect(page.get_by_role("banner")).to_be_visible()
        expect(page.get_by_role("heading", level=1)).to_have_text("某一时刻社保卡能否使用")
        expect(page.get_by_role("button", name="查询这个时刻")).to_be_visible()
        expect(page.get_by_role("button", name="打印")).to_be_visible()
        assert page.locator("main").count() == 1
