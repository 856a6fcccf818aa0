"""社会保障卡申领 in Chromium on a phone: with a camera, and without any script."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from apps.cards.enums import RequestStatus
from apps.desk.claims import services as claims
from apps.payments.models import Payment
from apps.progress import polling
from apps.review import services as review
from apps.verification.models import Check
from tests.browser.steps import (
    PICTURE,
    follow,
    heading,
    press,
    prove_by_code,
    sign_in_by_hand,
)
from tests.chromium import PHONE
from tests.factories.people import make_reviewer
from tests.journeys.steps import (
    FORM,
    actions,
    card_request_of,
    money_is_reported,
    photo,
    the_worker_runs,
)
from tests.verification.samples import PERSON, selfie

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("one_address", "quick_bureau"),
]


def agree(page):
    """In the sheet over the page, or without a script on a page of its own."""
    press(page, "开始办理")
    expect(page.get_by_role("checkbox")).to_have_count(4)
    for box in page.get_by_role("checkbox").all():
        box.check()
    press(page, "同意并开始办理")


def fill_in(page):
    page.get_by_label("证件有效期起").fill(FORM["id_valid_from"])
    page.get_by_label("证件有效期止").fill(FORM["id_valid_until"])
    page.get_by_label("手机号").fill(FORM["phone"])
    page.get_by_label("常住地址").fill(FORM["address"])
    page.get_by_label("职业").select_option(FORM["occupation"])


def approve(card_request):
    reviewer, at = make_reviewer(), timezone.now()
    claims.claim(subject=card_request, by=reviewer, at=at)
    review.approve(
        card_request=card_request,
        seen_since=card_request.status_since,
        by=reviewer,
        at=at,
    )


@pytest.mark.faces
@pytest.mark.slow
def test_the_whole_story_on_a_phone(before_the_camera, holder, assert_accessible, monkeypatch):
    monkeypatch.setattr(polling, "PACE", ((timedelta(minutes=3), 1),))
    page = before_the_camera(selfie(PERSON, size=(640, 480)))

    def look(words):
        heading(page, words)
        page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished))")
        assert_accessible(page)

    page.goto("/")
    assert_accessible(page)
    follow(page, "社会保障卡申领")
    look("社会保障卡申领")
    follow(page, "登录后开始办理")
    look("登录")
    sign_in_by_hand(page, holder)
    look("社会保障卡申领")
    agree(page)

    # The banks follow the city by htmx.
    heading(page, "申领资格预校验")
    page.get_by_label("申领地区").select_option("370100")
    page.get_by_label("发卡银行").select_option("95533")
    look("申领资格预校验")
    press(page, "下一步：填写资料")

    # The chosen picture goes up at once; the crop is moved and widened by the keyboard alone.
    look("填写申领信息")
    page.get_by_label("选择照片").set_input_files(PICTURE | {"buffer": photo()})
    expect(page.get_by_role("button", name="使用这张照片")).to_be_focused()
    expect(page.get_by_role("button", name="使用这张照片")).to_be_in_viewport()
    frame = page.get_by_role("group", name="裁剪框")
    proposal = card_request_of(holder).particulars.portrait_crop
    frame.focus()
    for key in ("ArrowRight", "ArrowRight", "+", "ArrowDown", "ArrowDown"):
        frame.press(key)
    assert_accessible(page)
    press(page, "使用这张照片")
    expect(page.get_by_role("button", name="使用这张照片")).to_have_count(0)
    look("填写申领信息")
    crop = card_request_of(holder).particulars.portrait_crop
    middle, proposed = (one["x"] + one["width"] / 2 for one in (crop, proposal))
    assert middle > proposed
    assert crop["width"] > proposal["width"]

    # What is typed is kept without a button, and is there again after a reload.
    page.get_by_label("常住地址").fill("山东省济南市")
    expect(page.locator("[data-autosave-status]")).to_have_text(re.compile(r"^\d\d:\d\d 已保存$"))
    fill_in(page)
    with page.expect_response(lambda response: "autosave" in response.url):
        page.get_by_label("常住地址").blur()
    page.reload()
    expect(page.get_by_label("常住地址")).to_have_value(FORM["address"])
    press(page, "下一步：核对信息")
    look("核对信息")
    follow(page, "刷脸")
    look("核对信息")
    press(page, "打开摄像头")
    press(page, "拍照")
    expect(page.get_by_role("button", name="重拍")).to_be_visible()
    page.get_by_role("checkbox").check()
    press(page, "我已确认以上信息，并提交")
    look("领卡和缴费")
    assert (Check.objects.get().method, Check.objects.get().outcome) == ("FACE", "PASSED")

    # Address by htmx, postage while it is chosen, and the cashier.
    page.get_by_text("改地址").click()
    # Region and city are known from the address on the form.
    page.get_by_label("城市").select_option("370300")
    expect(page.get_by_label("区县")).to_contain_text("张店区")
    expect(page.locator("#postage")).to_contain_text("12.00")
    page.get_by_label("城市").select_option("370100")
    page.get_by_label("区县").select_option("370102")
    expect(page.locator("#postage")).to_contain_text("10.00")
    page.get_by_label("详细地址").fill("文化东路88号3号楼")
    look("领卡和缴费")
    press(page, "支付 10.00 元")
    assert_accessible(page)
    press(page, "支付成功")
    heading(page, "支付结果")
    money_is_reported()
    expect(page.get_by_role("heading", name="支付成功")).to_be_visible()
    assert_accessible(page)

    # The progress page moves on by itself, and stops in the end.
    follow(page, "查看制卡进度")
    look("社会保障卡制卡进度查询")
    now = page.locator("[aria-label=现在该谁办]")
    the_worker_runs()
    expect(now).to_contain_text("现在由人事处审核")
    card_request = card_request_of(holder)
    approve(card_request)
    the_worker_runs()
    expect(now).to_contain_text("卡已发出，收到后请确认领卡")
    card_request.refresh_from_db()
    expect(page.locator(".tl")).to_contain_text(card_request.tracking_number)
    assert_accessible(page)
    press(page, "确认领卡")
    expect(now).to_contain_text("卡已领取，请启用社保卡")
    expect(page.locator("[hx-trigger]")).to_have_count(0)
    assert_accessible(page)
    assert actions(card_request)[-3:] == ["PRODUCE", "DISPATCH", "COLLECT"]


def without_script(signed_in, holder):
    return signed_in(holder, viewport=PHONE, java_script_enabled=False)


def without_htmx(signed_in, holder):
    """A phone that runs our scripts and cannot read htmx (WebViews of Android 8)."""
    page = signed_in(holder, viewport=PHONE)
    page.route(re.compile("/htmx"), lambda route: route.fulfill(body=""))
    return page


def upload_on_a_page_of_its_own(page):
    page.get_by_label("常住地址").fill("山东省济南市")
    press(page, "先保存，稍后再填")
    expect(page.get_by_label("常住地址")).to_have_value("山东省济南市")
    expect(page.get_by_text("上传照片", exact=True)).to_be_hidden()
    expect(page.get_by_text("自动保存")).to_be_hidden()
    page.get_by_label("常住地址").fill("山东省济南市历下区")
    press(page, "保存填好的，去选照片")
    page.get_by_label("选择照片").set_input_files(PICTURE | {"buffer": photo()})
    press(page, "上传")
    press(page, "使用这张照片")
    expect(page.get_by_label("常住地址")).to_have_value("山东省济南市历下区")


def upload_in_the_form(page):
    page.get_by_label("选择照片").set_input_files(PICTURE | {"buffer": photo()})
    press(page, "使用这张照片")
    expect(page.get_by_role("button", name="使用这张照片")).to_have_count(0)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("opened", "put_portrait"),
    [(without_script, upload_on_a_page_of_its_own), (without_htmx, upload_in_the_form)],
    ids=["without script", "without htmx"],
)
def test_the_way_to_the_payment_without(signed_in, holder, opened, put_portrait):
    page = opened(signed_in, holder)
    page.goto(reverse("application:guide"))
    agree(page)
    page.get_by_label("申领地区").select_option("370100")
    press(page, "查看可选银行")
    page.get_by_label("发卡银行").select_option("95588")
    press(page, "下一步：填写资料")
    heading(page, "填写申领信息")
    put_portrait(page)
    fill_in(page)
    press(page, "下一步：核对信息")
    has_script = opened is without_htmx
    if has_script:
        press(page, "获取验证码")  # which htmx would ask for on arrival
        expect(page.locator("#check")).to_contain_text("验证码已发到")
        page.wait_for_load_state()
    prove_by_code(page, "我已确认以上信息，并提交", script=has_script)
    heading(page, "领卡和缴费")
    page.get_by_text("改地址").click()
    page.get_by_label("省份").select_option("370000")
    press(page, "更新选项")
    page.get_by_label("城市").select_option("370100")
    press(page, "更新选项")
    page.get_by_label("区县").select_option("370102")
    page.get_by_label("详细地址").fill("文化东路88号3号楼")
    press(page, "支付 10.00 元")
    press(page, "支付成功")
    money_is_reported()
    follow(page, "刷新结果")
    expect(page.get_by_role("heading", name="支付成功")).to_be_visible()
    assert Payment.objects.get().status == "PAID"
    assert card_request_of(holder).status == RequestStatus.PAID
