"""Bulk work in Chromium: from the filter over the dry run to the result, and back again."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from apps.bulk.tasks import work_off_bulk_runs
from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from tests.bulk.steps import show
from tests.chromium import DESKTOP, PHONE
from tests.factories.cards import make_calm, make_request
from tests.factories.people import make_holder, make_reviewer
from tests.factories.regions import make_city

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def jinan(transactional_db):
    """Three requests of 济南, one of them risky, and one of another city."""
    at = timezone.now() - timedelta(hours=1)
    city = make_city()
    for _ in range(2):
        make_calm(city=city, at=at)
    make_request(RequestStatus.ACCEPTED, city=city, at=at)
    make_calm(city=make_city("370300", "淄博市"), at=at)
    return city


@pytest.fixture
def desk(signed_in):
    def open_desk(city, **options):
        reviewer = make_reviewer()
        show(*CardRequest.objects.all(), by=reviewer, at=timezone.now())
        page = signed_in(make_holder(name="李审", user=reviewer), **options)
        page.goto(f"{reverse('admin:bulk_bulkrun_new')}?city={city.pk}")
        expect(page.get_by_role("heading", level=1, name="批量审核")).to_be_visible()
        page.wait_for_load_state()
        return page

    return open_desk


def approved():
    return CardRequest.objects.filter(status=RequestStatus.APPROVED).count()


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.slow
def test_a_filter_becomes_a_dry_run_a_run_and_is_taken_back(
    desk, jinan, assert_accessible, viewport
):
    page = desk(jinan, viewport=viewport)
    expect(page.get_by_text("怎样办理这 3 件")).to_be_visible()
    expect(page.get_by_label("不通过的原因")).to_be_hidden()
    assert_accessible(page)
    page.get_by_role("button", name="预检").click()

    expect(page.get_by_role("status")).to_contain_text("可以办理 2 件，共选中 3 件")
    expect(
        page.get_by_text("有风险提示（没有比对人脸、名册没有照片、手机号有变），请单独审核。")
    ).to_be_visible()
    page.wait_for_load_state()
    assert_accessible(page)
    assert approved() == 0
    page.get_by_role("button", name="审核通过这 2 件").click()

    expect(page.get_by_role("status")).to_contain_text("已处理 0 件，共 2 件")
    page.wait_for_load_state()
    assert_accessible(page)
    work_off_bulk_runs()
    expect(page.get_by_role("status")).to_contain_text("已处理 2 件，共 2 件")
    expect(page.locator("#run[hx-get]")).to_have_count(0)
    assert_accessible(page)
    assert approved() == 2

    page.get_by_role("button", name="整批撤回").click()
    expect(page.get_by_role("status")).to_contain_text("撤回中")
    work_off_bulk_runs()
    expect(page.get_by_role("link", name="已撤回 2")).to_be_visible()
    page.wait_for_load_state()
    assert_accessible(page)
    assert approved() == 0


@pytest.mark.slow
def test_many_are_rejected_without_a_script(desk, jinan):
    page = desk(jinan, viewport=DESKTOP, java_script_enabled=False)
    page.get_by_role("radio", name="审核不通过").check()
    page.get_by_role("button", name="预检").click()
    expect(page.get_by_text("请写明不通过的原因，申请人会看到这段话。")).to_be_visible()
    page.get_by_label("不通过的原因").fill("已经离职，请联系人事处")
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="预检").click()
    page.get_by_role("button", name="审核不通过这 2 件").click()
    work_off_bulk_runs()
    page.reload()
    expect(page.get_by_role("status")).to_contain_text("已处理 2 件，共 2 件")
    assert CardRequest.objects.filter(status=RequestStatus.REJECTED).count() == 2


@pytest.mark.slow
def test_a_recall_is_offered_on_the_case(signed_in, filed_portrait, assert_accessible):
    card_request = make_request(RequestStatus.APPROVED, at=timezone.now() - timedelta(minutes=5))
    page = signed_in(make_holder(name="李审", user=make_reviewer()), viewport=DESKTOP)
    page.goto(reverse("admin:cards_cardrequest_change", args=[card_request.reference]))
    expect(page.get_by_role("timer")).to_contain_text(re.compile(r"\d 分 \d\d 秒"))
    page.wait_for_load_state()
    assert_accessible(page)
    page.get_by_role("button", name="撤回审核通过").click()
    expect(page.get_by_text("已撤回审核通过，这件申请没有送往制卡中心")).to_be_visible()
    page.wait_for_load_state()
    assert_accessible(page)
    card_request.refresh_from_db()
    assert card_request.status == RequestStatus.ACCEPTED
