"""The reviewers' list in Chromium: narrow it, take a case, come back to the same list."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from apps.cards.enums import RequestStatus
from apps.desk.claims import services as claims
from tests.chromium import DESKTOP, PHONE, assert_fits
from tests.factories.cards import make_request
from tests.factories.people import make_holder, make_reviewer, make_ward
from tests.factories.regions import make_bank, make_city

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LIST = reverse("admin:cards_cardrequest_changelist")


@pytest.fixture
def cases(filed_portrait):
    """An overdue one, a child's, one elsewhere that a colleague holds, and one that is free."""
    now = timezone.now()
    guardian = make_holder(name="王大力", department="数学与统计学院")
    elsewhere = {"city": make_city("370300", "淄博市"), "bank": make_bank("95588", "中国工商银行")}
    child = {"holder": make_ward(guardian), "by": guardian.user}
    found = {
        "late": make_request(RequestStatus.ACCEPTED, at=now - timedelta(days=20)),
        "child": make_request(RequestStatus.ACCEPTED, at=now - timedelta(days=2), **child),
        "held": make_request(RequestStatus.ACCEPTED, at=now - timedelta(hours=5), **elsewhere),
        "free": make_request(RequestStatus.ACCEPTED, at=now - timedelta(hours=1), **elsewhere),
    }
    colleague = make_holder(name="王芳", user=make_reviewer()).user
    claims.claim(subject=found["held"], by=colleague, at=now)
    return found


@pytest.fixture
def desk(signed_in):
    def open_desk(viewport):
        page = signed_in(make_holder(name="李审", user=make_reviewer()), viewport=viewport)
        page.goto(LIST)
        page.wait_for_load_state()
        return page

    return open_desk


def row(page, card_request):
    return page.get_by_role("row").filter(has_text=card_request.reference)


@pytest.mark.slow
def test_a_reviewer_narrows_the_list_takes_a_case_and_comes_back(desk, cases, assert_accessible):
    page = desk(DESKTOP)
    expect(row(page, cases["late"])).to_contain_text("已超期")
    expect(row(page, cases["child"])).to_contain_text("监护人代办")
    expect(row(page, cases["held"])).to_contain_text("王芳")
    assert_accessible(page)

    page.get_by_label("申领地区").select_option("淄博市")
    page.get_by_role("button", name="筛选").click()
    expect(page.get_by_text("共 2 件")).to_be_visible()
    row(page, cases["free"]).get_by_role("button", name="领办").click()
    expect(page.get_by_text("您正在办理这件")).to_be_visible()

    page.get_by_role("link", name="申请审核").first.click()
    expect(page.get_by_text("申领地区：淄博市")).to_be_visible()
    row(page, cases["free"]).get_by_role("button", name="放回").click()
    expect(row(page, cases["free"]).get_by_role("button", name="领办")).to_be_visible()
    page.get_by_role("link", name="去掉条件「申领地区：淄博市」").click()
    expect(page.get_by_text("共 4 件")).to_be_visible()


@pytest.mark.slow
def test_on_a_phone_a_case_is_found_by_the_last_four_and_the_next_one_is_opened(
    desk, cases, assert_accessible
):
    page = desk(PHONE)
    assert_fits(page)
    assert_accessible(page)
    page.get_by_label("查找申请").fill(cases["free"].holder.id_number[-4:])
    page.get_by_role("button", name="查找").click()
    expect(page.get_by_text("找到 1 件")).to_be_visible()
    expect(row(page, cases["free"])).to_be_visible()
    page.wait_for_load_state()
    assert_accessible(page)
    page.get_by_role("button", name="领办并审核下一件").click()
    expect(page.get_by_text("您正在办理这件")).to_be_visible()
    assert cases["late"].reference in page.url
