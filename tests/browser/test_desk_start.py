"""The desk's first page in Chromium: work by keyboard, charts at both sizes and in both themes."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from apps.cards.enums import CardStatus, RequestStatus
from apps.desk import roles
from tests.backoffice.start.steps import refunding
from tests.chromium import DESKTOP, PHONE, assert_fits
from tests.factories.boxes import make_day, make_waiting
from tests.factories.cards import make_card, make_request
from tests.factories.formal_losses import make_formal_loss
from tests.factories.payments import make_paid
from tests.factories.people import make_colleague, make_holder, make_reviewer
from tests.factories.regions import let_the_unit_collect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def overdue(filed_portrait):
    """The oldest of the cases that wait."""
    now = timezone.now()
    for days in (3, 12, 30):
        make_card(CardStatus.ACTIVE, at=now - timedelta(days=days))
    make_formal_loss(at=now - timedelta(hours=3))
    make_request(RequestStatus.ACCEPTED, at=now - timedelta(hours=2))
    return make_request(RequestStatus.ACCEPTED, at=now - timedelta(days=20))


@pytest.mark.parametrize(
    "viewport",
    [pytest.param(DESKTOP, id="desktop"), pytest.param(PHONE, id="phone", marks=pytest.mark.slow)],
)
@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
def test_the_first_page_is_accessible_and_nothing_sticks_out(
    signed_in, overdue, assert_accessible, viewport, scheme
):
    for _ in range(3):
        refunding(timezone.now() - timedelta(days=5), error="GatewayUnavailable: 503")
    reviewer = make_holder(name="李审", user=make_reviewer())
    page = signed_in(reviewer, viewport=viewport, color_scheme=scheme)
    page.goto(reverse("admin:index"))
    expect(page.get_by_role("link", name="1 件已超期")).to_be_visible()
    for summary in page.get_by_text("看数据表").all():
        summary.click()
    page.wait_for_load_state()
    assert_accessible(page)
    assert_fits(page)
    sizes = page.locator(".chart text").evaluate_all(
        "texts => texts.map(text => text.getBoundingClientRect().height)"
    )
    assert min(sizes) >= 10


@pytest.mark.slow
@pytest.mark.parametrize(
    "viewport", [pytest.param(DESKTOP, id="desktop"), pytest.param(PHONE, id="phone")]
)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("role", "heading"),
    [
        (roles.HANDER, "单位领卡"),
        (roles.FINANCE, "款项"),
        (roles.OPERATOR, "运行维护"),
        (roles.ADMINISTRATOR, "账户管理"),
    ],
)
def test_who_reads_no_cases_begins_on_a_page_that_is_accessible_and_fits(
    signed_in, filed_portrait, assert_accessible, role, heading, viewport, scheme
):
    let_the_unit_collect()
    now = timezone.now()
    handler = make_colleague(roles.HANDER)
    make_waiting(handler, at=now, holder=make_holder(department="化学学院"))
    make_day(
        handler, at=now, starts_at=now - timedelta(minutes=1), ends_at=now + timedelta(hours=2)
    )
    make_paid(at=now - timedelta(days=40))
    colleague = make_holder(name="李同", user=make_colleague(role))
    page = signed_in(colleague, viewport=viewport, color_scheme=scheme)
    page.goto(reverse("admin:index"))
    expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    expect(page.locator(".start-card.is-main .btn").first).to_be_in_viewport()
    assert_accessible(page)
    assert_fits(page)


def test_work_begins_by_keyboard_and_tables_say_what_the_charts_draw(signed_in, overdue):
    page = signed_in(make_holder(name="李审", user=make_reviewer()), viewport=DESKTOP)
    page.goto(reverse("admin:index"))
    funnel = page.get_by_role("region", name="从提交到启用", exact=True)
    expect(funnel.get_by_role("img", name="从提交到启用的漏斗图")).to_be_visible()
    funnel.locator("summary").focus()
    page.keyboard.press("Enter")
    row = funnel.get_by_role("row", name="启用")
    expect(row).to_contain_text("67%")  # of six, with the lost one
    page.get_by_role("link", name="近 4 周").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="近 4 周")).to_have_attribute("aria-current", "true")
    page.get_by_role("button", name="领办并审核下一件").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{overdue.reference}/change/")
