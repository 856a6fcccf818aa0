"""代未成年子女办理 in Chromium: a father with a phone, and the reviewer at a desk."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from apps.cards.enums import RequestStatus
from apps.common.moments import day_of
from apps.common.visibility import shown
from apps.people.enums import Sex
from apps.people.models import Guardianship, years_before
from tests.browser.steps import PICTURE, follow, heading, press, prove_by_code
from tests.chromium import DESKTOP, PHONE, assert_fits
from tests.factories.people import make_holder, make_id_number, make_reviewer
from tests.journeys.steps import card_request_of, photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EIGHT = years_before(day_of(timezone.now()), 8).replace(day=1)


@pytest.fixture
def look(assert_accessible):
    """`look(page, words)`: the page with this heading is there, accessible, and not too wide."""

    def look(page, words):
        heading(page, words)
        page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished))")
        assert_accessible(page)
        assert_fits(page)

    return look


@pytest.fixture
def father(signed_in, holder):
    """The father's phone, signed in."""
    return signed_in(holder, viewport=PHONE, has_touch=True, is_mobile=True)


@pytest.fixture
def reviewer(signed_in):
    return signed_in(make_holder(name="李审", user=make_reviewer()), viewport=DESKTOP)


def register(page, look, number):
    page.goto("/")
    follow(page, "我的子女")
    look(page, "我的子女")
    follow(page, "登记子女")
    look(page, "登记子女")
    expect(page.get_by_role("link", name="不同意，改到窗口办理")).to_be_visible()
    page.get_by_label("孩子的姓名").fill("张乐")
    page.get_by_label("孩子的社会保障号码").fill(number)
    page.get_by_label("孩子的出生日期").fill(EIGHT.isoformat())
    page.get_by_label("父女（女儿）").check()
    page.get_by_label("户口簿", exact=True).check()
    page.get_by_label("证明的照片").set_input_files(PICTURE | {"buffer": photo()})

    # Without the consent nothing is stored, and the page says so.
    press(page, "同意并提交登记")
    expect(page.get_by_text("不勾选同意，就不能在网上登记。").first).to_be_visible()
    look(page, "登记子女")
    assert not Guardianship.objects.exists()

    # A browser forgets the chosen file; everything else is still there.
    expect(page.get_by_label("孩子的姓名")).to_have_value("张乐")
    page.get_by_label("证明的照片").set_input_files(PICTURE | {"buffer": photo()})
    page.get_by_role("checkbox").check()
    press(page, "同意并提交登记")
    expect(page.get_by_text("待确认", exact=True)).to_be_visible()
    look(page, "我的子女")
    expect(page.get_by_role("link", name="代办申领")).to_have_count(0)


def confirm(page, look, number):
    page.goto("/admin/")
    follow(page, "个子女登记待确认")
    page.get_by_role("link", name="*乐").click()
    look(page, "张乐 · 子女登记")
    expect(page.get_by_text(number)).to_have_count(0)
    press(page, "领办这件")
    expect(page.get_by_label("不确认的原因")).to_have_accessible_description(re.compile("怎样补好"))
    # Whoever holds it reads what the decision needs.
    expect(page.get_by_text(number)).to_be_visible()
    page.wait_for_load_state()
    picture = page.get_by_role("img", name="证明影像第1张")
    assert picture.evaluate("(image) => image.naturalWidth") > 0
    look(page, "张乐 · 子女登记")
    press(page, "确认监护关系")
    expect(page.get_by_text("已确认，登记人现在可以代孩子办理。")).to_be_visible()
    look(page, "监护关系")


def apply(page, look, number):
    """From the first page, over consents, check and identity, to 领卡和缴费."""
    page.goto("/")
    follow(page, "社会保障卡申领")
    look(page, "社会保障卡申领")
    follow(page, "代未成年子女办理")
    look(page, "代未成年子女办理")
    follow(page, "*乐")
    look(page, "监护人同意")
    expect(page.get_by_role("link", name="不同意，改到窗口办理")).to_be_visible()
    for box in page.get_by_role("checkbox").all():
        box.check()
    press(page, "同意并开始办理")

    heading(page, "申领资格预校验")
    expect(page.get_by_text(shown(number, "page.id_number"))).to_be_visible()
    page.get_by_label("申领地区").select_option("370100")
    page.get_by_label("发卡银行").select_option("95533")
    look(page, "申领资格预校验")
    press(page, "下一步：填写资料")

    # Who leaves the form is told where to go on, and gets there.
    look(page, "填写申领信息")
    expect(page.get_by_text("下次从「代未成年子女办理」进来接着填")).to_be_visible()
    page.get_by_role("link", name="返回").click()
    look(page, "代未成年子女办理")
    follow(page, "继续填写")
    look(page, "填写申领信息")
    page.get_by_label("选择照片").set_input_files(PICTURE | {"buffer": photo()})
    expect(page.get_by_role("group", name="裁剪框")).to_be_visible()
    look(page, "填写申领信息")
    press(page, "使用这张照片")
    expect(page.get_by_role("group", name="裁剪框")).to_have_count(0)
    look(page, "填写申领信息")
    page.get_by_label("民族").select_option("01")
    press(page, "下一步：核对信息")
    look(page, "核对信息")
    expect(page.get_by_text("*超（父女）")).to_be_visible()
    prove_by_code(page, "我已确认以上信息，并提交")
    look(page, "领卡和缴费")


@pytest.mark.slow
def test_a_father_registers_his_daughter_and_applies_for_her(father, reviewer, look):
    number = make_id_number(birth_date=EIGHT, sex=Sex.FEMALE)
    register(father, look, number)
    confirm(reviewer, look, number)
    father.reload()
    father.get_by_text("登记信息").click()
    expect(father.get_by_text("已确认", exact=True)).to_be_visible()
    look(father, "我的子女")
    apply(father, look, number)
    guardianship = Guardianship.objects.get()
    card_request = card_request_of(guardianship.ward)
    assert card_request.status == RequestStatus.SUBMITTED
    assert card_request.applicant == guardianship.guardian.user

    # The first page stands for one person at a time.
    father.goto("/")
    follow(father, "女儿 *乐")
    expect(father.get_by_role("link", name="女儿 *乐")).to_have_attribute("aria-current", "true")
    expect(father.locator(".face.is-printing").get_by_text("待缴费")).to_be_visible()
    look(father, "社保卡自助办理")
    follow(father, "办理记录")
    look(father, "办理记录")
    expect(father.get_by_role("heading", name="申领 子女 *乐")).to_be_visible()
