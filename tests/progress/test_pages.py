"""制卡进度查询: list, page, live part and 确认领卡."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.cards.enums import CardAction, RequestAction, RequestStatus, Stage
from apps.common.moments import day_of
from apps.common.working_days import add_working_days
from apps.events.enums import Channel, Role
from apps.lifecycle import engine
from apps.payments.enums import PaymentAction
from apps.progress import views
from apps.requests.models import StageDuration
from tests.factories.cards import (
    AS_WORKER,
    accept,
    approve,
    ask,
    dispatch,
    make_request,
    pay,
    produce,
    reject,
    withdraw,
)
from tests.factories.payments import make_paid, make_payable
from tests.factories.people import make_holder, make_ward

pytestmark = pytest.mark.django_db

LIST = reverse("progress:list")
HTMX = {"HX-Request": "true"}
MADE = (pay, accept, approve, produce)


def ago(**time):
    return timezone.now() - timedelta(**time)


def shown(client, card_request, **options):
    client.force_login(card_request.holder.user)
    return client.get(card_request.get_absolute_url(), **options).content.decode()


def trigger(page):
    found = re.search(r'hx-trigger="every (\d+)s, seen"', page)
    return int(found[1]) if found else None


# --- The list


def test_the_list_shows_own_requests_and_those_of_the_children_the_newest_first(client):
    guardian = make_holder()
    own = make_request(RequestStatus.ACCEPTED, holder=guardian)
    ward = make_request(RequestStatus.APPROVED, holder=make_ward(guardian), by=guardian.user)
    make_request(RequestStatus.ACCEPTED)
    client.force_login(guardian.user)
    response = client.get(LIST)
    assert list(response.context["page"]) == [ward, own]
    page = response.content.decode()
    assert "本人申领" in page
    assert "代*乐申领" in page


def test_an_empty_list_says_what_to_do(client):
    client.force_login(make_holder().user)
    page = client.get(LIST).content.decode()
    assert "还没有申请记录" in page
    assert reverse("application:guide") in page


def test_the_list_has_pages(client):
    holder = make_holder()
    for _ in range(11):
        make_request(RequestStatus.WITHDRAWN, holder=holder)
    client.force_login(holder.user)
    assert len(client.get(LIST).context["page"]) == 10
    assert len(client.get(LIST, {"page": "2"}).context["page"]) == 1
    assert "第 2 页" in client.get(LIST, {"page": "999"}).content.decode()


def test_the_list_says_who_has_to_act_by_when_and_what_is_late(client):
    holder = make_holder()
    make_request(RequestStatus.COLLECTED, holder=holder)
    make_request(RequestStatus.ACCEPTED, holder=make_ward(holder), by=holder.user, at=ago(days=60))
    client.force_login(holder.user)
    page = client.get(LIST).content.decode()
    assert "卡已领取，请启用社保卡" in page
    assert "人事处审核已超期" in page
    assert page.count(">已超期<") == 1


def test_the_list_can_be_limited_to_one_person(client):
    guardian = make_holder()
    own = make_request(RequestStatus.ACCEPTED, holder=guardian)
    ward = make_ward(guardian)
    theirs = make_request(RequestStatus.APPROVED, holder=ward, by=guardian.user)
    client.force_login(guardian.user)
    for person, shown_requests in ((guardian, [own]), (ward, [theirs])):
        response = client.get(LIST, {"person": person.reference})
        assert list(response.context["page"]) == shown_requests
        page = response.content.decode()
        assert re.findall(r"\?person=(\w+)\" aria-current", page) == [person.reference]


def test_a_child_without_a_request_has_an_empty_list(client):
    guardian = make_holder()
    make_request(RequestStatus.ACCEPTED, holder=guardian)
    client.force_login(guardian.user)
    page = client.get(LIST, {"person": make_ward(guardian).reference}).content.decode()
    assert "还没有申请记录" in page
    assert reverse("application:guide_for_child") in page


def test_the_pages_of_one_person_stay_with_that_person(client):
    guardian = make_holder()
    ward = make_ward(guardian)
    for _ in range(11):
        make_request(RequestStatus.WITHDRAWN, holder=guardian)
    client.force_login(guardian.user)
    page = client.get(LIST, {"person": guardian.reference}).content.decode()
    (following,) = re.findall(r'rel="next" href="([^"]+)"', page)
    response = client.get(LIST + following.replace("&amp;", "&"))
    assert len(response.context["page"]) == 1
    assert response.context["who"] == guardian
    assert ward in response.context["persons"]


def test_a_stranger_s_list_cannot_be_asked_for(client):
    stranger = make_request(RequestStatus.ACCEPTED).holder
    client.force_login(make_holder().user)
    assert client.get(LIST, {"person": stranger.reference}).status_code == 404


def test_who_has_no_children_is_not_asked_whose_requests_to_show(client):
    card_request = make_request(RequestStatus.ACCEPTED)
    client.force_login(card_request.holder.user)
    assert "看谁的申请" not in client.get(LIST).content.decode()


def queries(client, url):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        client.get(url)
    return len(captured)


def test_the_list_takes_the_same_number_of_queries_with_2_and_with_6_rows(client, monkeypatch):
    monkeypatch.setattr(views, "PER_PAGE", 20)
    holder = make_holder()
    client.force_login(holder.user)
    make_shipped(pay, accept, ask, holder=make_ward(holder), by=holder.user)
    counts = []
    for rows in (1, 4):
        for _ in range(rows):
            make_shipped(withdraw, holder=holder)
        counts.append(queries(client, LIST))
    assert counts[0] == counts[1]
    assert counts[0] <= 10


def test_the_page_takes_the_same_number_of_queries_after_2_and_after_20_events(client):
    short = make_request(RequestStatus.ACCEPTED)
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
    assert counts[0] == counts[1]


# --- The page


def test_the_timeline_shows_what_happened_to_the_second_and_what_is_ahead(client):
    card_request = make_request(RequestStatus.ACCEPTED, at=ago(hours=1))
    page = shown(client, card_request)
    labels = ["申请提交成功", "缴费成功", "受理制卡申请", "制卡成功", "已发出", "已领取"]
    places = [page.index(f"<b>{label}</b>") for label in labels]
    assert places == sorted(places)
    for event in card_request.events.exclude(action="SAVE"):
        assert f"{timezone.localtime(event.at):%Y-%m-%d %H:%M:%S}" in page
    assert page.count("预计 ") >= 3
    assert reverse("application:detail", args=[card_request.reference]) in page


def test_the_detour_of_an_amendment_stands_in_the_timeline_and_on_top(client):
    card_request = make_request(RequestStatus.NEEDS_AMENDMENT, at=ago(hours=1))
    page = shown(client, card_request)
    assert "<b>待修改信息</b>" in page
    assert "<b>重新受理制卡申请</b>" in page
    assert "手机号：手机号打不通" in page
    assert f'href="{reverse("application:amend", args=[card_request.reference])}"' in page


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (RequestStatus.DRAFT, "继续填写"),
        (RequestStatus.SUBMITTED, "去补充收件信息"),
        (RequestStatus.ACCEPTED, "现在由人事处审核，您不用做什么。"),
        (RequestStatus.NEEDS_AMENDMENT, "修改信息"),
        (RequestStatus.APPROVED, "审核已通过，由制卡中心制作，您不用做什么。"),
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
    page = shown(client, make_request(RequestStatus.APPROVED))
    assert re.search(r"预计 \d+月\d+日（周.）前完成。", page)
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
    payment = make_paid()
    card_request = payment.card_request
    card_request.refresh_from_db()
    accept(card_request, at=card_request.status_since + timedelta(minutes=1))
    at = card_request.status_since + timedelta(minutes=1)
    reject(card_request, at=at)
    assert "已付的 10.00 元将原路退回。" in shown(client, card_request)
    payment.refresh_from_db()
    engine.move(payment, PaymentAction.FINISH_REFUND, at=at, refunded_at=at, **AS_WORKER)
    assert re.search(r"已付的 10\.00 元已于 [-\d]+ [:\d]+ 原路退回。", shown(client, card_request))


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


def make_shipped(*steps, at=None, **options):
    """A submitted request whose card goes to an address, after further `steps`."""
    at = at or ago(hours=1)
    card_request = make_payable(at=at, **options)
    for number, step in enumerate(steps, start=2):
        step(card_request, at=at + timedelta(minutes=number))
    return card_request


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


# --- The live part


def without_token(text):
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text).strip()


def test_the_fragment_is_the_very_parts_that_the_page_includes(client):
    card_request = make_shipped(*MADE, dispatch, at=ago(days=1))
    page, fragment = (
        without_token(shown(client, card_request, headers=headers)) for headers in ({}, HTMX)
    )
    assert "<html" not in fragment
    live, shipment = split(fragment)
    assert live in page
    assert shipment.count(' hx-swap-oob="true"') == 1
    assert shipment.replace(' hx-swap-oob="true"', "") in page


def split(fragment):
    """The live part, and 收件信息 that comes along."""
    place = fragment.index('<section class="card" id="shipment"')
    return fragment[:place].strip(), fragment[place:].strip()


def test_the_tracking_number_reaches_the_second_column_by_a_poll(client):
    card_request = make_shipped(*MADE, at=ago(days=1))
    seen = re.search(r'hx-get="([^"]+)"', shown(client, card_request))[1]
    dispatch(card_request, at=timezone.now())
    _, shipment = split(client.get(seen, headers=HTMX).content.decode())
    assert "1000000000001" in shipment


def test_a_page_without_htmx_shows_the_same_on_every_load(client):
    card_request = make_request(RequestStatus.APPROVED, at=ago(hours=1))
    assert "由制卡中心制作" in shown(client, card_request)
    produce(card_request, at=timezone.now())
    assert "卡已制好" in shown(client, card_request)


@pytest.mark.parametrize(
    ("time", "seconds"), [({"minutes": 0}, 3), ({"minutes": 10}, 15), ({"days": 2}, 60)]
)
def test_the_page_asks_often_while_something_is_about_to_happen(client, time, seconds):
    card_request = make_request(RequestStatus.ACCEPTED, at=ago(**time) - timedelta(minutes=3))
    assert trigger(shown(client, card_request)) == seconds


@pytest.mark.parametrize(
    "status",
    [
        RequestStatus.COLLECTED,
        RequestStatus.REJECTED,
        RequestStatus.LAPSED,
        RequestStatus.WITHDRAWN,
    ],
)
def test_in_a_final_state_the_page_stops_asking(client, status):
    page = shown(client, make_request(status), headers=HTMX)
    assert trigger(page) is None
    assert "hx-get" not in page


def test_a_poll_gets_nothing_until_something_has_changed(client):
    card_request = make_request(RequestStatus.PAID, at=ago(days=1))
    seen = re.search(r'hx-get="([^"]+)"', shown(client, card_request))[1]
    assert client.get(seen, headers=HTMX).status_code == 204
    engine.move(
        card_request,
        RequestAction.ACCEPT,
        by=None,
        role=Role.WORKER,
        at=timezone.now(),
        channel=Channel.WORKER,
    )
    response = client.get(seen, headers=HTMX)
    assert response.status_code == 200
    assert "受理制卡申请" in response.content.decode()


def test_the_back_button_gets_the_whole_page(client):
    card_request = make_request(RequestStatus.ACCEPTED)
    headers = HTMX | {"HX-History-Restore-Request": "true"}
    assert "<html" in shown(client, card_request, headers=headers)


# --- 确认领卡


def test_confirming_the_receipt_is_done_once(client):
    card_request = make_request(RequestStatus.DISPATCHED)
    client.force_login(card_request.holder.user)
    url = reverse("progress:collect", args=[card_request.reference])
    page = client.post(url, follow=True).content.decode()
    assert "已确认领卡" in page
    client.post(url)
    card_request.refresh_from_db()
    assert card_request.status == RequestStatus.COLLECTED
    assert card_request.events.filter(action=RequestAction.COLLECT).count() == 1


def test_confirming_too_early_is_refused(client):
    card_request = make_request(RequestStatus.APPROVED)
    client.force_login(card_request.holder.user)
    url = reverse("progress:collect", args=[card_request.reference])
    assert "不能办理「已领取」" in client.post(url, follow=True).content.decode()


def test_a_guardian_confirms_for_the_child_and_a_stranger_finds_nothing(client):
    guardian = make_holder()
    card_request = make_request(
        RequestStatus.DISPATCHED, holder=make_ward(guardian), by=guardian.user
    )
    url = reverse("progress:collect", args=[card_request.reference])
    client.force_login(make_holder().user)
    assert client.post(url).status_code == 404
    assert client.get(card_request.get_absolute_url()).status_code == 404
    client.force_login(guardian.user)
    client.post(url)
    card_request.refresh_from_db()
    assert card_request.status == RequestStatus.COLLECTED
