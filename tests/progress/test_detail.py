"""制卡进度查询: what the page of one request says."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import CardAction, RequestAction, RequestStatus, Stage
from apps.common.moments import day_of
from apps.common.templatetags.formats import moment
from apps.common.working_days import add_working_days
from apps.events.enums import AS_WORKER, Channel, Role
from apps.lifecycle import engine
from apps.payments import sweeps
from apps.payments.enums import PaymentAction
from apps.requests.models import StageDuration
from apps.requests.policies import settled_after
from tests.dates import in_words
from tests.factories.cards import (
    accept,
    ask,
    dispatch,
    make_request,
    reject,
)
from tests.factories.moments import ago
from tests.factories.payments import make_paid, make_payable
from tests.factories.people import make_holder, make_ward
from tests.progress.steps import MADE, make_shipped, queries, shown

pytestmark = pytest.mark.django_db


def test_what_can_be_printed_stands_in_one_place(client):
    card_request = make_paid().card_request
    papers = re.search(r'id="papers".*?</section>', shown(client, card_request), re.S)[0]
    for words in ("申领信息", "支付订单", "受理回执"):
        assert words in papers
    for name in ("application:detail", "application:submitted"):
        url = reverse(name, args=[card_request.reference])
        assert f'href="{url}"' in papers
        assert client.get(url).status_code == 200
    assert "启用回执" not in papers


def test_what_is_asked_of_a_portrait_stands_beside_it(client):
    card_request = make_request(RequestStatus.ACCEPTED, at=timezone.now() - timedelta(days=1))
    ask(card_request, items=[{"field": "portrait", "reason": "背景偏灰"}], at=timezone.now())
    picture = reverse("application:portrait_image", args=[card_request.reference, "final"])
    assert f'src="{picture}"' in shown(client, card_request)


def test_the_page_takes_the_same_number_of_queries_after_2_and_after_20_events(client):
    # Not overdue, as the other one: a page that is late reads what was told.
    short = make_request(RequestStatus.ACCEPTED, at=timezone.now() - timedelta(hours=1))
    long = make_request(RequestStatus.ACCEPTED)
    for number in range(9):
        at = timezone.now() + timedelta(minutes=number)
        ask(long, at=at)
        engine.move(
            long,
            RequestAction.AMEND,
            by=long.applicant,
            role=Role.HOLDER,
            at=at,
            channel=Channel.WEB,
        )
        long.amendments.filter(answered_at=None).update(answered_at=at, answered_by=long.applicant)
    counts = []
    for card_request in (short, long):
        client.force_login(card_request.holder.user)
        counts.append(queries(client, card_request.get_absolute_url()))
    # Session, account, request, events, amendment or measured times, payments, calendar.
    assert counts == [5, 5]


def test_the_timeline_shows_what_happened_to_the_second_and_what_is_ahead(client):
    card_request = make_request(RequestStatus.ACCEPTED, at=ago(hours=1))
    page = shown(client, card_request)
    labels = ["申请提交成功", "缴费成功", "受理制卡申请", "制卡成功", "已发出", "已领取"]
    places = [page.index(f"<b>{label}</b>") for label in labels]
    assert places == sorted(places)
    for event in card_request.events.exclude(action="SAVE"):
        assert moment(event.at) in in_words(page)
    assert page.count("预计 ") >= 3
    assert reverse("application:detail", args=[card_request.reference]) in page


def test_the_detour_of_an_amendment_stands_in_the_timeline_and_on_top(client):
    card_request = make_request(RequestStatus.NEEDS_AMENDMENT, at=ago(hours=1))
    page = shown(client, card_request)
    assert "<b>待修改信息</b>" in page
    assert "<b>重新受理制卡申请</b>" in page
    assert "手机号：手机号打不通" in page
    assert f'href="{reverse("application:amend", args=[card_request.reference])}"' in page


@pytest.mark.sampled
@pytest.mark.parametrize(
    ("status", "words"),
    [
        (RequestStatus.DRAFT, "继续填写"),
        (RequestStatus.SUBMITTED, "去补充收件信息"),
        (RequestStatus.ACCEPTED, "现在由人事处审核，您不用做什么"),
        (RequestStatus.NEEDS_AMENDMENT, "修改信息"),
        (RequestStatus.APPROVED, "审核已通过，由制卡中心制作，您不用做什么"),
        (RequestStatus.DISPATCHED, "确认领卡"),
        (RequestStatus.COLLECTED, "启用社保卡"),
        (RequestStatus.REJECTED, "重新申请"),
        (RequestStatus.LAPSED, "重新申请"),
        (RequestStatus.WITHDRAWN, "重新申请"),
    ],
)
def test_the_page_says_who_has_to_act_now(client, status, words):
    assert words in shown(client, make_request(status, at=ago(hours=1)))


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (RequestStatus.ACCEPTED, "现在卡在人事处审核。请联系问讯处催办"),
        (RequestStatus.APPROVED, "请联系问讯处，由人事处向制卡中心查询"),
        (RequestStatus.DISPATCHED, "请联系问讯处，由人事处去查"),
        (RequestStatus.NEEDS_AMENDMENT, "请尽快办理"),
    ],
)
def test_who_is_late_since_when_and_whom_to_ask(client, settings, status, words):
    settings.PORTAL_OPERATOR = {"name": "学校", "contact": "问讯处"}
    page = shown(client, make_request(status, at=ago(days=60)))
    assert re.search(r"(超期|晚了) \d+ 天", page)
    assert words in page


def test_what_is_in_time_says_by_when(client):
    page = shown(client, make_request(RequestStatus.APPROVED, at=ago(hours=1)))
    assert re.search(r"预计 [\d年月]+日（周.）24:00 前(（节假日顺延）)?完成。", in_words(page))
    assert "超期" not in page


def test_how_long_it_usually_takes_is_said_where_it_was_measured(client):
    card_request = make_request(RequestStatus.APPROVED, at=ago(hours=1))
    assert "这一步通常" not in shown(client, card_request)
    measure(card_request, median=4, p90=6)
    page = shown(client, card_request)
    assert "这一步通常 4 个工作日（近180天中位数），九成在 6 个工作日内。" in page
    assert add_working_days(day_of(card_request.status_since), 4).strftime("%-m月%-d日") in page


def test_what_usually_takes_no_day_is_said_in_words(client):
    card_request = make_request(RequestStatus.APPROVED, at=ago(hours=1))
    measure(card_request, median=0, p90=0)
    assert "通常当天完成（近180天中位数），九成在 1 个工作日内" in shown(client, card_request)


def measure(card_request, *, median, p90):
    StageDuration.objects.create(
        city=card_request.city,
        bank=None,
        stage=Stage.PRODUCE,
        median_days=median,
        p90_days=p90,
        sample=20,
        computed_at=timezone.now(),
    )


def test_a_rejection_shows_its_reason(client):
    assert "照片不是本人" in shown(client, make_request(RequestStatus.REJECTED))


def test_a_rejection_says_what_became_of_the_money(client):
    payment = make_paid(at=ago(hours=1))
    card_request = payment.card_request
    card_request.refresh_from_db()
    accept(card_request, at=card_request.status_since + timedelta(minutes=1))
    at = card_request.status_since + timedelta(minutes=1)
    reject(card_request, at=at)
    assert "已付的 10.00 元将原路退回" in shown(client, card_request)
    sweeps.begin_refunds(at=at + settled_after())
    assert "已付的 10.00 元将原路退回。" in shown(client, card_request)
    payment.refresh_from_db()
    engine.move(payment, PaymentAction.FINISH_REFUND, at=at, refunded_at=at, **AS_WORKER)
    assert f"已付的 10.00 元已于 {moment(at)} 原路退回。" in shown(client, card_request)


def test_a_rejection_for_which_nothing_was_paid_promises_no_money(client):
    assert "退回" not in shown(client, make_request(RequestStatus.REJECTED))


@pytest.mark.parametrize(
    "status", [RequestStatus.REJECTED, RequestStatus.LAPSED, RequestStatus.WITHDRAWN]
)
def test_what_ended_without_a_card_is_on_no_step(client, status):
    assert "办理步骤" not in shown(client, make_request(status))


def test_a_card_on_its_way_shows_its_tracking_number_in_one_piece(client):
    page = shown(client, make_shipped(*MADE, dispatch))
    assert page.count('<span class="copyable">1000000000001</span>') == 2
    assert 'href="tel:11183"' in page
    assert "http" not in "".join(re.findall(r'href="([^"]+)"', page))


def links(page, words):
    return re.findall(rf'href="([^"]+)"[^>]*>{words}<', page)


@pytest.mark.parametrize("is_ward", [False, True])
def test_the_deep_links_lead_to_the_data_the_order_and_the_address(client, is_ward):
    guardian = make_holder()
    holder = make_ward(guardian) if is_ward else guardian
    card_request = make_payable(holder=holder, by=guardian.user)
    make_paid(card_request=card_request)
    card_request.refresh_from_db()
    accept(card_request, at=timezone.now())
    client.force_login(guardian.user)
    page = client.get(card_request.get_absolute_url()).content.decode()
    for words in ("申领信息查看", "查看支付订单", "修改收件信息"):
        (address,) = links(page, words)
        assert client.get(address).status_code == 200, words
    assert links(page, "收件信息") == ["#shipment"]
    assert page.count('id="shipment"') == 1


def test_activation_is_the_last_step_and_its_link_leads_to_this_very_card(client):
    card_request = make_request(RequestStatus.COLLECTED)
    page = shown(client, card_request)
    assert page.count("已完成：") == 3
    assert links(page, "启用社保卡") == [
        reverse("activation:start", args=[card_request.card.reference])
    ]


def test_after_activation_nothing_is_left_to_do(client):
    card_request = make_request(RequestStatus.COLLECTED)
    engine.move(
        card_request.card,
        CardAction.ACTIVATE,
        by=card_request.applicant,
        role=Role.HOLDER,
        at=timezone.now(),
        channel=Channel.WEB,
    )
    page = shown(client, card_request)
    assert "启用社保卡" not in page
    assert page.count("已完成：") == 4
