"""Who is told what, when, once, and what happens when it does not go out."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from apps.cards.enums import RequestAction, RequestStatus
from apps.common.messaging import SendFailed, WrongPhone
from apps.common.templatetags.formats import end_of_day
from apps.events.messages import FORMER_PHONE, PORTAL, SMS
from apps.events.models import Event
from apps.events.settling import Book
from apps.notices import channels, services, table
from apps.notices.models import Notice, NoticeCursor, OutboxMessage
from apps.notices.tasks import send_notices
from apps.people.models import Holder
from apps.recall import services as recalling
from apps.requests.policies import settled_after
from tests.factories.cards import AT, accept, approve, ask, make_request, pay, submit
from tests.factories.people import make_holder, make_reviewer, make_ward

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(hours=1)


@pytest.fixture(autouse=True)
def _outbox(settings):
    settings.SMS_SENDER = "apps.notices.senders.outbox.OutboxSms"


class Gateway:
    """A sender that can be made to fail."""

    is_down = True
    taken = []
    wrong_numbers = ()

    def send(self, *, phone, text, **template):
        if phone in self.wrong_numbers:
            raise WrongPhone("SMS gateway: answered 422")
        if self.is_down:
            raise SendFailed("SMS gateway: TimeoutError")
        self.taken.append(phone)


@pytest.fixture
def gateway(settings):
    Gateway.is_down, Gateway.taken, Gateway.wrong_numbers = True, [], ()
    settings.SMS_SENDER = f"{__name__}.Gateway"
    return Gateway


def run(at=LATER):
    services.collect(at=at, limit=100)
    return services.send_due(at=at, limit=100)


def portal_texts(card_request):
    told = Notice.objects.visible_to(card_request.applicant, at=timezone.now()).filter(
        event__in=card_request.events
    )
    return [notice.text for notice in told.order_by("pk")]


def test_the_way_of_a_card_is_told_in_order():
    card_request = make_request(RequestStatus.DISPATCHED)
    run()
    accepted, approved, produced, dispatched = portal_texts(card_request)
    assert accepted == (
        "缴费成功，您的制卡申请已受理，现在由人事处审核，您不用做什么，有结果会通知您。"
    )
    assert approved.startswith("您的申请审核通过，已交制卡中心制作，预计")
    assert produced.startswith("您的社保卡已经制好")
    assert "EMS 寄出，运单号 1000000000001" in dispatched


def test_an_amendment_is_told_with_its_fields_reasons_and_last_day():
    card_request = make_request(RequestStatus.NEEDS_AMENDMENT)
    run()
    assert portal_texts(card_request)[-1] == (
        "审核老师请您修改您的申领信息：手机号（手机号打不通）。"
        f"请在 {end_of_day(date(2026, 11, 30))} 前登录社保卡自助办理修改，不用再缴费。"
    )


def test_a_rejection_is_told_with_its_reason_and_the_refund():
    card_request = make_request(RequestStatus.REJECTED)
    run()
    assert "审核不通过：照片不是本人。已付的邮寄费将原路退回。" in portal_texts(card_request)[-1]


def test_the_guardian_is_told_about_the_child_whose_name_is_masked():
    guardian = make_holder()
    ward = make_ward(guardian)
    card_request = make_request(RequestStatus.ACCEPTED, holder=ward, by=guardian.user)
    run()
    assert any("您子女*乐的制卡申请已受理" in text for text in portal_texts(card_request))
    sms = next(sms for sms in OutboxMessage.objects.all() if "制卡申请" in sms.text)
    assert sms.recipient == guardian.phone
    assert sms.text.startswith("【社保卡自助办理】缴费成功，您子女*乐的")


def test_neither_an_id_number_nor_a_link_leaves_with_a_reason():
    card_request = make_request(RequestStatus.ACCEPTED)
    number = card_request.holder.id_number
    reason = f"号码{number}与证件不符，见https://example.com/a"
    ask(card_request, at=AT + timedelta(minutes=9), items=[{"field": "phone", "reason": reason}])
    run()
    for message in OutboxMessage.objects.all():
        assert number not in message.text
        assert "http" not in message.text


def test_every_event_is_told_once_however_often_the_task_runs():
    make_request(RequestStatus.ACCEPTED)
    send_notices()
    first = set(Notice.objects.values_list("pk", "sent_at"))
    send_notices()
    assert set(Notice.objects.values_list("pk", "sent_at")) == first
    assert OutboxMessage.objects.count() == 1


def test_what_people_do_themselves_is_not_told():
    make_request(RequestStatus.WITHDRAWN)
    run()
    assert not Notice.objects.exists()


def test_an_sms_to_a_wrong_number_is_given_up_at_once_and_an_operator_sees_it(gateway):
    card_request = make_request(RequestStatus.ACCEPTED)
    gateway.wrong_numbers = (card_request.holder.phone,)
    run()
    [sms] = Notice.objects.given_up()
    assert (sms.channel, sms.tries) == (SMS, 1)
    assert sms.last_error == f"{services.WRONG_NUMBER}（SMS gateway: answered 422）"


def test_one_wrong_former_number_does_not_keep_the_message_from_the_next(gateway):
    holder = make_holder(former_phone="13800000001 13800000002")
    gateway.is_down, gateway.wrong_numbers = False, ("13800000001",)
    channels.get(FORMER_PHONE).deliver(holder.user, "您的手机号换了。")
    assert gateway.taken == ["13800000002"]
    gateway.wrong_numbers = ("13800000001", "13800000002")
    with pytest.raises(WrongPhone):
        channels.get(FORMER_PHONE).deliver(holder.user, "您的手机号换了。")


def test_a_failed_sms_is_tried_again_after_growing_pauses(gateway):
    make_request(RequestStatus.ACCEPTED)
    run()
    sms = Notice.objects.get(channel=SMS)
    assert (sms.sent_at, sms.tries) == (None, 1)
    assert sms.next_try_at == LATER + timedelta(minutes=1)
    assert sms.last_error == "SMS gateway: TimeoutError"

    run(LATER + timedelta(minutes=1))
    sms.refresh_from_db()
    assert sms.next_try_at == LATER + timedelta(minutes=3)

    gateway.is_down = False
    assert run(LATER + timedelta(minutes=2)) == 0
    assert run(LATER + timedelta(minutes=3)) == 1
    sms.refresh_from_db()
    assert (sms.tries, sms.last_error, sms.next_try_at) == (3, "", None)
    assert len(gateway.taken) == 1


def test_an_sms_that_never_goes_out_is_given_up_and_the_portal_message_stays(gateway):
    card_request = make_request(RequestStatus.ACCEPTED)
    for hour in range(12):
        run(LATER + timedelta(hours=hour))
    sms = Notice.objects.get(channel=SMS)
    assert (sms.tries, sms.next_try_at, sms.sent_at) == (services.MOST_TRIES, None, None)
    assert len(portal_texts(card_request)) == 1


def test_somebody_without_a_phone_gets_no_sms_and_no_further_tries():
    card_request = make_request(RequestStatus.ACCEPTED)
    Holder.objects.filter(pk=card_request.holder_id).update(phone="")
    run()
    sms = Notice.objects.get(channel=SMS)
    assert (sms.sent_at, sms.next_try_at) == (None, None)
    assert sms.last_error == "收信人没有登记手机号"
    assert len(portal_texts(card_request)) == 1


def test_a_message_that_another_worker_holds_is_left_alone(gateway):
    make_request(RequestStatus.ACCEPTED)
    gateway.is_down = False
    services.collect(at=LATER, limit=100)
    mine, theirs = Notice.objects.due(LATER), Notice.objects.due(LATER)
    rows = list(mine), list(theirs)
    assert [services._lease(row, LATER) for row in rows[0]] == [1, 1]
    assert [services._lease(row, LATER) for row in rows[1]] == [0, 0]
    assert services.send_due(at=LATER, limit=100) == 0


def test_a_message_whose_worker_died_is_sent_after_the_lease(gateway):
    make_request(RequestStatus.ACCEPTED)
    gateway.is_down = False
    services.collect(at=LATER, limit=100)
    for row in Notice.objects.due(LATER):
        services._lease(row, LATER)
    assert services.send_due(at=LATER + services.LEASE - timedelta(seconds=1), limit=100) == 0
    assert services.send_due(at=LATER + services.LEASE, limit=100) == 2


def test_a_message_that_cannot_be_worded_stops_no_other(monkeypatch):
    first = make_request(RequestStatus.ACCEPTED)
    second = make_request(RequestStatus.ACCEPTED)
    worded = services.words.text

    def text(event, *people, **options):
        if event.subject == first:
            raise LookupError
        return worded(event, *people, **options)

    monkeypatch.setattr(services.words, "text", text)
    run()
    assert portal_texts(first) == []
    assert len(portal_texts(second)) == 1


def test_the_cursor_moves_on_and_no_late_event_is_missed(monkeypatch):
    # As when nobody else writes, on the whole server.
    monkeypatch.setattr(
        services.settling, "read_book", lambda: Book(Event.objects.latest("pk").pk, 0, 0)
    )
    card_request = make_request(RequestStatus.PAID)
    run()
    settled = NoticeCursor.objects.get().settled_event
    assert settled == card_request.events.latest("pk").pk
    accept(card_request, at=AT + timedelta(hours=2))
    run(AT + timedelta(hours=3))
    assert len(portal_texts(card_request)) == 1
    assert NoticeCursor.objects.get().settled_event > settled


def test_one_run_takes_everything_a_portion_at_a_time():
    for _ in range(3):
        make_request(RequestStatus.ACCEPTED)
    assert services.collect(at=LATER, limit=1) == 3
    assert services.collect(at=LATER + timedelta(hours=4), limit=1) == 0
    assert Notice.objects.filter(channel=PORTAL).count() == 3


@pytest.mark.parametrize("count", [2, 6])
def test_collecting_costs_the_same_for_2_and_6_events(count, django_assert_num_queries):
    services.collect(at=AT, limit=1)
    for _ in range(count):
        make_request(RequestStatus.ACCEPTED)
    with django_assert_num_queries(9 if connection.vendor == "postgresql" else 7):
        services.collect(at=LATER, limit=100)


def test_free_delivery_is_not_told_as_paid():
    card_request = make_request(RequestStatus.DRAFT)
    submit(card_request, at=AT)
    pay(card_request, at=AT)
    accept(card_request, at=AT)
    event = card_request.events.last()
    event.subject = card_request
    event.message, event.facts_told, event.wording = table.of(event), {}, None
    assert services.words.text(event, card_request.applicant).startswith("您的制卡申请已受理")


def approved_texts(card_request):
    return [text for text in portal_texts(card_request) if "审核通过" in text]


def test_an_approval_is_told_once_it_cannot_be_recalled_any_more(settings):
    settings.DECISION_UNDO_WINDOW = timedelta(minutes=10)
    card_request = make_request(RequestStatus.APPROVED)
    end = card_request.status_since + settled_after()
    run(end - timedelta(seconds=1))
    assert approved_texts(card_request) == []
    run(end)
    assert len(approved_texts(card_request)) == 1


def test_an_approval_that_was_recalled_is_not_told_and_the_next_one_is(settings):
    settings.DECISION_UNDO_WINDOW = timedelta(minutes=10)
    card_request = make_request(RequestStatus.APPROVED)
    at = card_request.status_since + timedelta(minutes=1)
    run(at)
    recalling.recall(card_request=card_request, by=make_reviewer(), at=at)
    run(at + timedelta(minutes=30))
    assert approved_texts(card_request) == []
    given_up = Notice.objects.get(event__action=RequestAction.APPROVE)
    assert (given_up.sent_at, given_up.next_try_at) == (None, None)
    assert given_up.last_error == "审核通过已撤回或已办，不再通知"

    approve(card_request, at=at + timedelta(hours=1))
    run(at + timedelta(hours=1))
    run(at + timedelta(hours=1) + settled_after())
    assert len(approved_texts(card_request)) == 1
