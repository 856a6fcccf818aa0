"""A supervisor changes what holds in a city: typed, looked at, confirmed."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from apps.cards.enums import RequestStatus
from apps.common.moments import day_of
from apps.desk import roles
from apps.regions.enums import Service
from apps.rulebook.holiday_table import sample
from tests.chromium import DESKTOP, PHONE
from tests.factories.cards import make_draft, make_request
from tests.factories.people import make_colleague, make_holder
from tests.factories.regions import make_city

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk(town, signed_in):
    """`desk(viewport)`: the list of cities as a supervisor sees it."""

    def open_desk(viewport):
        boss = make_holder(name="王主管", user=make_colleague(roles.SUPERVISOR))
        page = signed_in(boss, viewport=viewport)
        page.goto(reverse("admin:regions_city_changelist"))
        return page

    return open_desk


@pytest.mark.slow
def test_new_postage_for_two_cities_is_previewed_and_saved(desk, town, assert_accessible):
    make_draft(city=town)
    make_request(RequestStatus.SUBMITTED, city=town)
    page = desk(DESKTOP)
    assert_accessible(page)
    page.get_by_role("checkbox", name="选择山东省济南市").check()
    page.get_by_role("checkbox", name="选择山东省淄博市").check()
    page.get_by_role("button", name="修改所选地区的资费与时限").click()
    day = day_of(timezone.now()) + timedelta(days=30)
    page.get_by_label("生效日期").fill(f"{day:%Y-%m-%d}")
    page.get_by_label("同城邮寄费（元）").fill("十一元")
    page.get_by_role("button", name="核对影响").click()
    expect(page.get_by_role("alert")).to_contain_text("请填写 0 至 999.99 之间的金额")
    assert_accessible(page)
    page.get_by_label("同城邮寄费（元）").fill("11")
    page.get_by_label("变更原因").fill("邮政调价通知")
    page.get_by_role("button", name="核对影响").click()
    expect(page.get_by_role("heading", level=1, name="核对影响")).to_be_visible()
    expect(page.get_by_text("件正在填写的草稿")).to_be_visible()
    page.get_by_text("看名单").first.click()
    assert_accessible(page)
    page.get_by_role("button", name="确认保存").click()
    expect(page.get_by_text("已保存：")).to_be_visible()
    page.get_by_role("link", name="山东省济南市").click()
    expect(page.get_by_text("还没有生效")).to_be_visible()
    page.wait_for_load_state()
    assert_accessible(page)
    assert town.rule_on(day).postage_same_city_fen == 1100
    assert make_city("370300").rule_on(day).postage_same_city_fen == 1100


@pytest.mark.slow
def test_a_service_is_closed_from_a_phone(desk, town, assert_accessible):
    page = desk(PHONE)
    page.wait_for_load_state()
    assert_accessible(page)
    page.get_by_role("link", name="山东省济南市").click()
    page.get_by_role("link", name="停办社会保障卡申领").click()
    day = day_of(timezone.now()) + timedelta(days=7)
    page.get_by_label("最后一天").fill(f"{day:%Y-%m-%d}")
    page.get_by_label("变更原因").fill("系统升级")
    page.get_by_role("button", name="核对影响").click()
    expect(page.get_by_text("现在没有人受影响。")).to_be_visible()
    page.wait_for_load_state()
    assert_accessible(page)
    page.get_by_role("button", name="确认保存").click()
    expect(page.get_by_text("后停办")).to_be_visible()
    page.wait_for_load_state()
    assert_accessible(page)
    assert town.openings.get(service=Service.APPLY).open_until == day


@pytest.mark.slow
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_holidays_of_a_year_are_pasted_mended_previewed_and_saved(
    desk, town, assert_accessible, viewport
):
    year = day_of(timezone.now()).year + 1
    make_request(RequestStatus.ACCEPTED, city=town)
    page = desk(viewport)
    page.get_by_role("link", name="放假安排").click()
    assert_accessible(page)
    page.get_by_role("link", name="上传放假安排").click()
    page.get_by_label("或者把表格粘贴在这里").fill(f"{sample(year)}\n{year}-13-01,放假,元旦")
    page.get_by_label("依据").fill("国办发明电〔2026〕7号")
    page.get_by_role("button", name="核对影响").click()
    expect(page.get_by_role("alert")).to_contain_text("读不懂")
    assert_accessible(page)
    page.get_by_label("或者把表格粘贴在这里").fill(sample(year))
    page.get_by_role("button", name="核对影响").click()
    expect(page.get_by_role("heading", name="变动的承诺")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="确认保存").click()
    expect(page.get_by_text(f"已保存：{year} 年的放假安排")).to_be_visible()
    assert_accessible(page)
