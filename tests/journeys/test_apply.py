"""社会保障卡申领 from the guide to the card in hand, as the manual tells it (part 一)."""

import re

import pytest
from django.urls import reverse

from apps.cards.enums import RequestStatus
from apps.cards.models import Card, CardRequest
from apps.events.enums import Channel, Role
from apps.notices.models import OutboxMessage
from apps.payments.models import Payment
from apps.verification.models import Check
from tests.journeys.steps import (
    FORM,
    actions,
    agree,
    card_request_of,
    moments,
    money_is_reported,
    pay,
    precheck,
    prove_by_code,
    prove_by_face,
    put_portrait,
    ship,
    submit,
    the_worker_runs,
)

pytestmark = pytest.mark.django_db

# The nodes of the manual, and the approval, which stands among them as a node of its own.
FIGURE_11 = ["申请提交成功", "缴费成功", "受理制卡申请", "审核通过", "制卡成功", "已发出", "已领取"]
IN_REVIEW = [*FIGURE_11[:3], "审核中", *FIGURE_11[4:]]
FIGURE_14 = [
    "申请提交成功",
    "缴费成功",
    "受理制卡申请",
    "待修改信息",
    "重新受理制卡申请",
    "审核通过",
    "制卡成功",
    "已发出",
    "已领取",
]


def words(timeline):
    return [label for label, _ in timeline]


def times(timeline):
    return [moment for _, moment in timeline if moment]


@pytest.mark.slow
def test_the_whole_story_with_an_amendment(me, holder, reviewer, quick_bureau):
    # The guide is open to all; starting asks to sign in and comes back.
    me.follow("申领").see("办事指南", "12333").follow("登录后开始办理")
    me.sign_in(holder.user).at("application:guide")
    precheck(agree(me))
    card_request = card_request_of(holder)
    assert (card_request.status, card_request.city_id) == (RequestStatus.DRAFT, "370100")
    me.at("application:form", card_request.reference)

    # Half filled in and left; everything is there again, the picture included.
    put_portrait(me)
    half = FORM | {"phone": "1391234", "id_valid_until": ""}
    me.fill(**half)
    if me.has_htmx:
        form = me.form("particulars")
        assert me.client.post(form.get("data-autosave"), me.data(form)).status_code == 200
    else:
        me.press("先保存，稍后再填")
    me.sign_out()
    me.open("/accounts/login/").sign_in(holder.user)
    me.open("/").follow("申领").follow("继续填写").at("application:form", card_request.reference)
    back = me.data(me.form("particulars"))
    assert {name: back[name] for name in half} == half
    me.see("更换照片")

    # Corrected, checked and handed in: by a double click, from two tabs, and once more by reload.
    me.fill(**FORM).press("下一步：核对信息").see("汉族", "13912345678", FORM["address"])
    other_tab = me.another_tab()
    prove_by_code(me).at("application:shipping", card_request.reference).see("申领提交成功")
    assert Check.objects.get().is_used
    form = other_tab.form("confirm")
    sent = other_tab.data(form)
    for _ in range(2):
        other_tab.send(form, sent).at("application:shipping", card_request.reference)
    me.reload().see("领卡和缴费")
    assert CardRequest.objects.get().status == RequestStatus.SUBMITTED
    assert actions(card_request) == ["SAVE", "SUBMIT"]

    # To an address in the same city, and over the cashier.
    ship(me).see("10.00 元", "付款后不能撤销申请")
    pay(me).see("正在确认支付结果")
    assert (
        card_request_of(holder).status == RequestStatus.SUBMITTED
    )  # a return page marks nothing paid
    money_is_reported()
    me.wait().see("支付成功", "10.00 元")
    payment = Payment.objects.get()
    assert (payment.status, payment.amount_fen) == ("PAID", 1000)
    assert card_request_of(holder).status == RequestStatus.PAID

    # The worker accepts it by itself.
    me.follow("查看制卡进度").see("正在受理，您不用做什么")
    the_worker_runs()
    me.wait().see("现在由人事处审核，您不用做什么")
    assert words(me.timeline()) == IN_REVIEW
    assert times(me.timeline()) == moments(card_request)
    detail, order = (
        reverse(f"{name}:detail", args=[ref])
        for name, ref in (("application", card_request.reference), ("payments", payment.reference))
    )
    assert [href for label, href in me.links() if label == "申领信息查看"] == [detail]
    assert [href for label, href in me.links() if label == "查看支付订单"] == [order]
    me.another_tab().open(detail).see("申领信息查看", "139****5678", "*超").miss("13912345678")
    me.another_tab().open(order).see("支付订单", "10.00 元", payment.trade_number)

    # The reviewer asks for two things.
    reviewer.open("/admin/cards/cardrequest/").follow("*超").see("张超", "短信验证码").press(
        "领办这件"
    )
    reviewer.fill(
        amend__ask_phone=True,
        amend__reason_phone="手机号打不通",
        amend__ask_address=True,
        amend__reason_address="请写到门牌号",
    ).press("请申请人修改").see("已请申请人修改")
    the_worker_runs()
    me.wait().see("请修改审核老师指出的内容", "手机号：手机号打不通", "常住地址：请写到门牌号")
    assert words(me.timeline())[3:5] == ["待修改信息", "重新受理制卡申请"]
    me.open("/progress/").see("需修改信息").follow("修改信息")
    assert me.fields(me.form("amend")) == {"phone", "address"}
    me.fill(phone="13700001111", address="山东省济南市历下区文化东路 88 号 2 号楼 301 室")
    me.press("提交修改，重新受理").see("修改已提交，申请重新受理，不用再缴费。")
    assert card_request_of(holder).particulars.phone == "13700001111"
    assert card_request_of(holder).status == RequestStatus.ACCEPTED

    # Approved, made and sent.
    reviewer.open("/admin/cards/cardrequest/").follow("*超").press("领办这件")
    reviewer.press("审核通过").see("已审核通过")
    me.wait().see("审核已通过，由制卡中心制作，您不用做什么")
    the_worker_runs()
    card_request.refresh_from_db()
    assert card_request.status == RequestStatus.DISPATCHED
    me.wait().see("卡已发出，收到后请确认领卡", f"EMS 运单号 {card_request.tracking_number}")
    me.press("确认领卡").see("已确认领卡", "卡已领取，请启用社保卡", "启用社保卡")

    assert words(me.timeline()) == FIGURE_14
    assert times(me.timeline())[-9:] == moments(card_request)
    assert actions(card_request) == [
        "SAVE", "SUBMIT", "PAY", "ACCEPT", "REQUEST_AMENDMENT", "AMEND", "APPROVE",
        "PRODUCE", "DISPATCH", "COLLECT",
    ]  # fmt: skip
    assert CardRequest.objects.get().status == RequestStatus.COLLECTED
    card = Card.objects.get()
    assert (card.status, card.holder) == ("SEALED", holder)
    assert (
        card_request.events.filter(by=None).exclude(role__in=[Role.WORKER, Role.GATEWAY]).count()
        == 0
    )
    by_reviewer = card_request.events.filter(channel=Channel.ADMIN)
    assert set(by_reviewer.values_list("role", flat=True)) == {Role.REVIEWER}

    # The applicant is told, in the portal and by SMS.
    me.open("/messages/").see(
        "缴费成功，您的制卡申请已受理",
        "手机号（手机号打不通）、常住地址（请写到门牌号）",
        "审核通过，已交制卡中心制作",
        "您的社保卡已经制好",
        f"运单号 {card_request.tracking_number}",
    )
    sms = [message.text for message in OutboxMessage.objects.all()]
    assert sum(card_request.tracking_number in text for text in sms) == 1
    assert not any(number in text for text in sms for number in (holder.id_number, holder.phone))


@pytest.mark.faces
def test_the_straight_way_with_a_face_check(me, holder, reviewer, quick_bureau):
    submit(me, holder, prove=prove_by_face)
    check = Check.objects.get()
    assert (check.method, check.outcome) == ("FACE", "PASSED")
    pay(ship(me))
    the_worker_runs()
    reviewer.open("/admin/cards/cardrequest/").follow("*超").see("人脸").press("领办这件").press(
        "审核通过"
    )
    the_worker_runs()
    card_request = card_request_of(holder)
    me.open(card_request.get_absolute_url()).press("确认领卡")
    assert words(me.timeline()) == FIGURE_11
    assert times(me.timeline()) == moments(card_request)


def test_a_card_that_is_picked_up_costs_nothing_and_meets_no_cashier(me, holder, line):
    submit(me, holder).fill(method="PICKUP", branch="历下支行")
    if not me.has_htmx:
        # The button still names the postage, so nothing is handed in before it says 提交.
        me.press(re.search(r"支付 \d+\.00 元", me.text)[0]).see("现在应付 0.00 元")
    me.see("不用付款；提交后不能撤销申请").press("提交")
    me.at("application:submitted", card_request_of(holder).reference).see("免费，到网点自取")
    the_worker_runs()
    card_request = card_request_of(holder)
    assert actions(card_request) == ["SAVE", "SUBMIT", "WAIVE", "ACCEPT"]
    assert not Payment.objects.exists()
    me.follow("看制卡进度")
    assert words(me.timeline())[:3] == ["申请提交成功", "不用缴费", "受理制卡申请"]
    assert line == []


def test_the_postage_follows_the_address(me, holder):
    submit(me, holder)
    ship(me, city="370300", county="370303").see("省内", "12.00 元")
