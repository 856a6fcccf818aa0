"""A message says the words in force at the moment of its event, on every way it takes."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.cards.enums import RequestAction, RequestStatus
from apps.common.refusals import Refused
from apps.events.messages import MAIL, PORTAL, SMS
from apps.events.models import Event
from apps.notices import services, table, words
from apps.notices.enums import MessageWay
from apps.notices.models import MessageWording, Notice, OutboxMessage
from apps.notices_desk import services as desk
from apps.notices_desk.book import Words
from apps.people.family import read_together
from apps.review import preview
from tests.factories.cards import AT, make_request
from tests.factories.people import make_holder, make_reviewer

pytestmark = pytest.mark.django_db

MESSAGE = table.by_key("request.ACCEPT")
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _outbox(settings):
    settings.SMS_SENDER = "apps.notices.senders.outbox.OutboxSms"


def word(text, *, applies_from, base=0, message=MESSAGE, **others):
    return desk.add_version(
        message=message,
        words=Words(text, **others),
        base=base,
        reason="说得短一些",
        applies_from=applies_from,
        by=make_reviewer(),
        at=applies_from - HOUR,
    )


def told(at=AT + HOUR):
    services.collect(at=at, limit=100)
    services.send_due(at=at, limit=100)
    return {notice.channel: notice.text for notice in Notice.objects.filter(sent_at=at)}


def test_the_moment_of_the_event_decides_and_what_was_sent_stays(settings):
    word("{谁的}申请收到了。", applies_from=AT - HOUR, sms_text="{谁的}申请收到。")
    word("{谁的}申请已经受理。", base=1, applies_from=AT + HOUR)
    make_request(RequestStatus.ACCEPTED, at=AT)
    # Sent when the second version is in force already.
    assert told(AT + 2 * HOUR) == {PORTAL: "您的申请收到了。", SMS: "您的申请收到。"}
    assert OutboxMessage.objects.get().text == "【社保卡自助办理】您的申请收到。"
    make_request(RequestStatus.ACCEPTED, at=AT + 2 * HOUR)
    assert told(AT + 3 * HOUR) == dict.fromkeys((PORTAL, SMS), "您的申请已经受理。")


def test_a_mail_says_the_words_and_not_those_of_the_sms(settings, mailoutbox):
    settings.MAIL_ADDRESS = "{number}@sbk.test"
    word("{谁的}申请收到了。", applies_from=AT - HOUR, sms_text="{谁的}申请收到。")
    card_request = make_request(RequestStatus.ACCEPTED, at=AT)
    services.choose_way(user=card_request.applicant, way=MessageWay.MAIL, at=AT)
    assert told() == dict.fromkeys((PORTAL, MAIL), "您的申请收到了。")
    assert [mail.body for mail in mailoutbox] == ["您的申请收到了。"]


def test_a_mail_has_the_title_that_a_supervisor_gave_it(settings, mailoutbox):
    settings.MAIL_ADDRESS = "{number}@sbk.test"
    own, _ = table.program_words(MESSAGE)
    for title, moment in (("申请收到了", AT - HOUR), ("", AT + HOUR)):
        base = MessageWording.objects.count()
        word(own, title=title, base=base, applies_from=moment)
        card_request = make_request(RequestStatus.ACCEPTED, at=moment + HOUR / 2)
        services.choose_way(user=card_request.applicant, way=MessageWay.MAIL, at=moment)
        told(moment + HOUR)
    assert [mail.subject for mail in mailoutbox] == ["申请收到了", "社保卡自助办理"]
    assert "已受理" in mailoutbox[0].body


def test_a_reviewer_s_preview_says_the_words_in_force():
    text = "{谁的}申请没有通过，原因：{原因}。{如果 办的是补换}可以再申请。{完}"
    word(text, applies_from=AT + HOUR, message=table.by_key("request.REJECT"))
    card_request = make_request(RequestStatus.ACCEPTED, at=AT)
    said = [
        preview.of(card_request, RequestAction.REJECT, by=make_reviewer(), at=at, reason="照片旧")
        for at in (AT + HOUR / 2, AT + 2 * HOUR)
    ]
    before, after = (page["messages_told"][0][1] for page in said)
    assert before.startswith("您的申请审核不通过")
    assert after == "您的申请没有通过，原因：照片旧。"


def test_of_two_who_save_at_once_the_second_is_refused():
    word("{谁的}第一版。", applies_from=AT)
    with pytest.raises(Refused, match="changed") as refused:
        word("{谁的}也是第一版。", applies_from=AT)
    assert refused.value.first is not None
    assert MessageWording.objects.count() == 1


def test_the_program_s_words_come_back_as_a_version():
    word("{谁的}申请收到了。", applies_from=AT - 2 * HOUR)
    own, _ = table.program_words(MESSAGE)
    back = word(own, base=1, applies_from=AT - HOUR)
    assert (back.number, back.text) == (2, "")
    make_request(RequestStatus.ACCEPTED, at=AT)
    assert told()[PORTAL].startswith("缴费成功，您的制卡申请已受理")


def test_a_later_version_replaces_one_that_has_not_begun():
    word("{谁的}第一版。", applies_from=AT + HOUR)
    word("{谁的}第二版。", base=1, applies_from=AT - HOUR)
    make_request(RequestStatus.ACCEPTED, at=AT + 2 * HOUR)
    assert told(AT + 3 * HOUR)[PORTAL] == "您的第二版。"


def test_versions_are_read_once_for_a_batch(django_assert_num_queries):
    word("{谁的}申请收到了。", applies_from=AT - HOUR)
    for _ in range(3):
        make_request(RequestStatus.ACCEPTED, at=AT)
    accepted = Event.objects.filter(action=RequestAction.ACCEPT)
    with CaptureQueriesContext(connection) as asked:
        events = words.with_facts(list(accepted.values_list("pk", flat=True)))
    assert sum("messagewording" in query["sql"] for query in asked) == 1
    recipient, holder = make_reviewer(), make_holder()
    read_together([recipient])
    with django_assert_num_queries(0):
        texts = [words.text(event, recipient, holder=holder)[-7:] for event in events]
    assert texts == ["的申请收到了。"] * 3


def test_values_are_no_templates_and_nothing_is_escaped():
    message = table.by_key("request.REJECT")
    text = "{谁的}没有通过：{原因}。{如果 办的是补换}再申请。{完}"
    word(text, applies_from=AT - HOUR, message=message)
    event = Event(
        subject_kind="request", action="REJECT", at=AT, reason="<b>{{ event.by }}</b>{谁的}"
    )
    event.message, event.subject = message, None
    words.wordings.attach([event])
    said = words.text(event, make_reviewer(), holder=make_holder())
    assert said.endswith("没有通过：<b>{{ event.by }}</b>{谁的}。")


def test_words_that_a_release_no_longer_knows_give_way_to_the_program_s(caplog):
    MessageWording.objects.create(
        key=MESSAGE.key,
        number=1,
        text="{以前有的}",
        reason="试",
        applies_from=AT - HOUR,
        saved_at=AT - HOUR,
        saved_by=make_reviewer(),
    )
    make_request(RequestStatus.ACCEPTED, at=AT)
    assert told()[SMS].startswith("缴费成功")
    assert "cannot be used" in caplog.text


def test_a_provider_of_templates_gets_the_code_and_the_values(settings, monkeypatch):
    sent = []

    class Provider:
        fills_templates = True

        def send(self, **message):
            sent.append(message)

    monkeypatch.setattr("apps.notices.senders.outbox.OutboxSms", Provider)
    word("{谁的}申请收到了，{谁的}。", applies_from=AT - HOUR, sms_code="SMS_154950909")
    make_request(RequestStatus.ACCEPTED, at=AT)
    told()
    (message,) = sent
    assert message["template"] == "SMS_154950909"
    assert message["parts"] == {"p1": "您的"}
    assert message["text"] == "【社保卡自助办理】您的申请收到了，您的。"


def test_a_message_about_the_box_says_whom_to_ask():
    event = Event(subject_kind="box_card", action="MISS", at=AT)
    event.message, event.subject = table.of(event), None
    words.wordings.attach([event])
    said = words.text(event, make_reviewer(), holder=make_holder())
    assert said.endswith("有疑问请联系人事处社会保障卡服务窗口。")
