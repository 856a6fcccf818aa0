"""The pages on which supervisors read and edit the words of messages."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.common.moments import day_of
from apps.desk import roles
from apps.events.messages import SMS
from apps.notices import table
from apps.notices.models import MessageWording
from apps.notices_desk import book, checks, services
from tests.book import desk_events
from tests.factories.people import make_colleague, make_holder
from tests.shown import Window, words_of

pytestmark = pytest.mark.django_db

KEY = "card.EXPIRE"
LIST = reverse("admin:notices_messagewording_changelist")
PAGE = reverse("admin:notices_messagewording_change", args=[KEY])
GOOD = "{谁的}社保卡 {卡号} 挂失到期，已恢复使用。"
ALIBABA = "apps.notices.senders.alibaba_sms.AlibabaSms"


@pytest.fixture
def supervisor():
    user = make_colleague(roles.SUPERVISOR)
    make_holder(name="王主管", user=user)
    return user


@pytest.fixture
def desk(client, supervisor):
    client.force_login(supervisor)
    return client


@pytest.fixture
def page(desk):
    return Window(desk, PAGE)


def numbers():
    return list(MessageWording.objects.order_by("pk").values_list("number", "text"))


def send(window, **typed):
    return window.send("wording", **{"reason": "说得短一些"} | typed)


def problems_of(response):
    assert response.status_code == 200
    assert MessageWording.objects.count() == 0
    return words_of(response)


def test_the_program_s_own_words_pass_every_check():
    for message in (*table.messages(), *table.texts()):
        text, vocabulary = table.program_words(message)
        assert checks.problems(text, vocabulary) == [], message.key
        if SMS in message.channels:
            parts = book.notation.parsed(text, vocabulary)
            assert not checks.too_long(parts), message.key


def test_a_new_version_is_saved_with_its_event_and_its_history(desk, page, supervisor):
    before = timezone.now()
    assert send(page, text=GOOD).url == PAGE
    row = MessageWording.objects.get()
    assert (row.number, row.text, row.sms_text, row.saved_by) == (1, GOOD, "", supervisor)
    assert row.applies_from - row.saved_at == services.BEGINS_AFTER
    assert row.saved_at >= before
    event = desk_events().get()
    assert (event.action, event.reference, event.reason) == ("SAVE", KEY, "说得短一些")
    assert event.facts["after"]["text"] == GOOD
    assert event.facts["before"]["text"] == table.program_words(table.by_key(KEY))[0]
    shown = words_of(desk.get(PAGE))
    assert "第 1 版" in shown
    assert "王主管" in shown
    assert "程序原文" in shown


@pytest.mark.sampled
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "请填写内容"),
        ("{谁的}社保卡恢复使用。", "少了必须有的{卡号}"),
        (GOOD + "{身份证号}", "没有「{身份证号}」"),
        (GOOD + "请看 https://example.com/a", "不能有链接"),
        (GOOD + "请看 sbk.example.edu.cn", "不能有链接"),
        (GOOD + "😀", "显示不了的字符（😀）"),
        (GOOD + "\ue000。", "显示不了的字符（U+E000）"),
        (GOOD + "\n请知悉。", "请去掉换行"),
        ("【通知】" + GOOD, "签名"),
        (GOOD + "问 13800138000。", "手机号"),
        (GOOD + "请知悉。" * 80, "要分 6 条发"),
    ],
)
def test_bad_words_are_said_beside_the_field_and_stay(page, text, said):
    response = send(page, text=text)
    shown = problems_of(response)
    assert said in shown
    assert text.strip()[:20] in shown
    assert "说得短一些" in response.content.decode()


def test_the_second_of_two_editors_reads_who_was_first(desk, page):
    other = Window(desk, PAGE)
    assert send(page, text=GOOD).status_code == 302
    answer = send(other, text=GOOD + "谢谢。")
    assert len(numbers()) == 1
    shown = words_of(answer)
    assert "您打开这一页以后" in shown
    assert GOOD + "谢谢。" in shown


def test_the_words_of_before_are_taken_up_as_a_new_version(desk, page):
    send(page, text=GOOD)
    send(Window(desk, PAGE), text=GOOD + "谢谢。")
    assert send(Window(desk, f"{PAGE}?from=1")).status_code == 302
    assert send(Window(desk, f"{PAGE}?from=0")).status_code == 302
    assert numbers() == [(1, GOOD), (2, GOOD + "谢谢。"), (3, GOOD), (4, "")]
    assert "和现在的一样" in words_of(send(Window(desk, PAGE)))


def test_a_day_ahead_is_midnight_of_that_day_and_the_past_is_refused(desk, page):
    today = day_of(timezone.now())
    assert "不能在今天以前" in problems_of(send(page, text=GOOD, applies_on="2020-01-01"))
    day = today + timedelta(days=3)
    send(page, text=GOOD, applies_on=day.isoformat())
    begins = timezone.localtime(MessageWording.objects.get().applies_from)
    assert (day_of(begins), begins.hour) == (day, 0)
    assert "还没有起用" in words_of(desk.get(PAGE))
    assert "第 1 版" in words_of(desk.get(LIST))


def test_the_preview_is_the_fragment_of_the_page_and_saves_nothing(page):
    whole = send(page, text=GOOD, reason="", preview="1").content.decode()
    data = page.data("wording", text=GOOD)
    fragment = page.client.post(PAGE, data, headers={"HX-Request": "true"}).content.decode()
    assert "您的社保卡 *****1058 挂失到期，已恢复使用。" in fragment
    assert fragment.strip() in whole
    assert "请写明为什么" not in whole
    assert numbers() == []


def test_an_sms_that_a_provider_fills_in_needs_the_code_of_its_template(page, settings):
    own, _ = table.program_words(table.by_key(KEY))
    assert send(page, text=GOOD).status_code == 302
    settings.SMS_SENDER = ALIBABA
    MessageWording.objects.all().delete()
    window = Window(page.client, PAGE)
    shown = problems_of(send(window, text=GOOD))
    assert "改了的短信要有自己的模板" in shown
    assert "${p1}社保卡 ${p2} 挂失到期" in shown
    assert "SMS_ 加数字" in problems_of(send(window, text=GOOD, sms_code="1234"))
    # The SMS stays the program's: no template of its own.
    assert send(window, text=GOOD, sms_text=own).status_code == 302
    window = Window(page.client, PAGE)
    assert send(window, sms_text="", sms_code="sms_154950909").status_code == 302
    window = Window(page.client, PAGE)
    answer = send(window, text=GOOD + "谢谢。")
    assert "请填新模板的代码" in words_of(answer)
    row = MessageWording.objects.order_by("number").last()
    assert (row.number, row.sms_code) == (2, "SMS_154950909")


def test_a_provider_s_template_has_no_conditions(desk, settings):
    settings.SMS_SENDER = ALIBABA
    address = reverse("admin:notices_messagewording_change", args=["request.ACCEPT"])
    text = "{如果 已缴费}缴费成功，{完}{谁的}申请已受理。"
    answer = send(Window(desk, address), text=text, sms_code="SMS_154950909")
    assert "不能分情况，短信内容里有「如果 已缴费」" in problems_of(answer)


def test_reviewers_read_and_do_not_edit(client):
    client.force_login(make_colleague(roles.REVIEWER))
    page = client.get(PAGE)
    assert "按示例发出的样子" in words_of(page)
    assert "保存为新的一版" not in words_of(page)
    assert client.post(PAGE, {"text": GOOD}).status_code == 403
    assert client.get(reverse("admin:notices_messagewording_change", args=["x"])).status_code == 404


def test_the_list_says_every_message_by_every_channel(desk, django_assert_max_num_queries):
    desk.get(LIST)
    with django_assert_max_num_queries(8):
        everything = words_of(desk.get(LIST))
    assert f"{len([*table.messages(), *table.texts()])} 条" in everything
    assert "【社保卡自助办理】您的社保卡 *****1058 的临时挂失已到期" in everything
    assert "企业微信（没有接入）" in everything
    assert "1 条，共" in words_of(desk.get(f"{LIST}?kind=社保卡&q=临时挂失已到期"))
    assert "没有这样的消息" in words_of(desk.get(f"{LIST}?edited=on"))


def test_the_words_of_a_code_are_edited_like_those_of_a_message(desk):
    page = reverse("admin:notices_messagewording_change", args=["text.CODE"])
    assert page in desk.get(LIST).content.decode()
    shown = words_of(desk.get(page))
    assert "核验身份的验证码" in shown
    assert "邮件标题" not in shown
    text = "{用途}的验证码 {验证码}，{多长时间}有效。"
    assert "少了必须有的{验证码}" in words_of(send(Window(desk, page), text="{用途} {多长时间}。"))
    assert send(Window(desk, page), text=text).url == page
    assert numbers() == [(1, text)]


def test_a_reminder_has_no_template_of_a_provider(desk):
    page = reverse("admin:notices_messagewording_change", args=["text.ENDS_SOON"])
    assert "模板代码" not in words_of(desk.get(page))


@pytest.mark.parametrize(
    ("title", "said"), [("{谁的}社保卡", "不能用占位符"), ("看 https://example.com/", "不能有链接")]
)
def test_a_bad_title_is_said_beside_the_field(desk, settings, title, said):
    settings.MAIL_ADDRESS = "{number}@sbk.test"
    page = reverse("admin:notices_messagewording_change", args=["request.ACCEPT"])
    shown = problems_of(send(Window(desk, page), title=title))
    assert said in shown
    assert title in shown


def test_a_title_is_previewed_and_kept(desk, settings):
    settings.MAIL_ADDRESS = "{number}@sbk.test"
    page = reverse("admin:notices_messagewording_change", args=["request.ACCEPT"])
    assert "邮件标题：收到了" in words_of(send(Window(desk, page), title="收到了", preview="1"))
    assert send(Window(desk, page), title="收到了").url == page
    assert MessageWording.objects.get().title == "收到了"
    assert "收到了" in words_of(desk.get(page))
