"""The reviewers' desk in Chromium: from the queue to the decision."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from apps.cards.enums import RequestStatus
from tests.chromium import DESKTOP, PHONE
from tests.factories.cards import make_request
from tests.factories.people import make_holder, make_reviewer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def card_request(filed_portrait):
    """A request that waits for its decision."""
    return make_request(RequestStatus.ACCEPTED, at=timezone.now() - timedelta(hours=1))


@pytest.fixture
def desk(signed_in):
    """`desk(viewport)`: the queue as a reviewer sees it."""

    def open_desk(viewport):
        page = signed_in(make_holder(name="李审", user=make_reviewer()), viewport=viewport)
        page.goto(reverse("admin:index"))
        page.get_by_role("link", name="件待审核").first.click()
        expect(page.get_by_role("heading", level=1, name="申请审核")).to_be_visible()
        page.wait_for_load_state()
        return page

    return open_desk


@pytest.mark.slow
def test_a_case_is_claimed_from_the_queue_and_approved(desk, card_request, assert_accessible):
    page = desk(DESKTOP)
    assert_accessible(page)
    page.get_by_role("link", name="*超").click()
    page.get_by_role("button", name="领办这件").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("张超")
    page.wait_for_load_state()
    expect(page.get_by_text(card_request.particulars.id_number)).to_have_count(0)
    assert_accessible(page)
    page.get_by_role("button", name="审核通过", exact=True).click()
    expect(page.get_by_text("已审核通过，这件申请将送制卡中心制作。")).to_be_visible()
    page.wait_for_load_state()
    assert_accessible(page)
    card_request.refresh_from_db()
    assert card_request.status == RequestStatus.APPROVED


@pytest.mark.slow
def test_a_reviewer_with_a_phone_asks_for_an_amendment(desk, card_request, assert_accessible):
    page = desk(PHONE)
    page.get_by_role("link", name="*超").click()
    page.get_by_role("button", name="领办这件").click()
    page.get_by_role("heading", name="退回修改").click()
    page.get_by_role("button", name="请申请人修改").click()
    expect(page.get_by_text("请至少勾选一项需要修改的内容。")).to_be_visible()
    page.wait_for_load_state()
    assert_accessible(page)
    page.get_by_role("checkbox", name="手机号").check()
    page.get_by_label("手机号需要修改的原因").fill("手机号打不通")
    page.get_by_role("button", name="请申请人修改").click()
    expect(page.get_by_text("已请申请人修改")).to_be_visible()
    card_request.refresh_from_db()
    assert card_request.status == RequestStatus.NEEDS_AMENDMENT
    assert card_request.amendments.get().items == [{"field": "phone", "reason": "手机号打不通"}]


@pytest.mark.slow
def test_a_reviewer_whose_case_was_taken_over_is_told_who_was_first(desk, card_request):
    first, second = desk(DESKTOP), desk(DESKTOP)
    first.get_by_role("link", name="*超").click()
    first.get_by_role("button", name="领办这件").click()
    expect(first.get_by_text("您正在办理这件")).to_be_visible()
    second.get_by_role("link", name="*超").click()
    second.get_by_role("button", name="接手").click()
    second.get_by_role("button", name="审核通过", exact=True).click()
    expect(second.get_by_text("已审核通过，这件申请将送制卡中心制作。")).to_be_visible()
    first.get_by_role("heading", name="审核不通过").click()
    first.get_by_label("不通过的原因").fill("照片不是本人")
    first.get_by_role("button", name="审核不通过").click()
    expect(first.get_by_text("您的决定没有提交，请查看最新状态。")).to_be_visible()
    card_request.refresh_from_db()
    assert card_request.status == RequestStatus.APPROVED
