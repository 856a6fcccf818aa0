"""Codes, links and what no event causes say the words of a supervisor as well."""

import re
from datetime import timedelta

import pytest

from apps.account.password_reset import services as password_reset
from apps.common.rules import rule_text
from apps.events.messages import PORTAL, SMS
from apps.invitations import services as invitations
from apps.loss_report import reminders
from apps.loss_report.natural_days import REMINDED_BEFORE
from apps.notices import services, table
from apps.notices.models import Notice, OutboxMessage
from apps.roster import inviting
from apps.verification import code_check
from tests.factories.cards import AT
from tests.factories.checks import begin
from tests.factories.loss_reports import make_loss_report
from tests.factories.people import make_holder, make_user
from tests.factories.rosters import make_upload
from tests.notices.test_wordings import word

pytestmark = pytest.mark.django_db

LIFETIME = rule_text("CODE_LIFETIME", gap=" ")
HOUR = timedelta(hours=1)
CODE = "{用途}的验证码是 {验证码}，{多长时间}有效。"


@pytest.fixture(autouse=True)
def _outbox(settings):
    settings.SMS_SENDER = "apps.notices.senders.outbox.OutboxSms"


def edit(name, text, **words):
    return word(text, applies_from=AT - HOUR, message=table.by_key(f"text.{name}"), **words)


def sent():
    return OutboxMessage.objects.latest("pk").text


def send_code():
    check = begin(make_holder())
    code_check.send_code(check=check, by=check.by, at=AT)


def test_a_code():
    send_code()
    assert re.fullmatch(
        rf"【社保卡自助办理】验证码 [0-9]{{6}}，用于.+，{LIFETIME}内有效。请不要告诉任何人。",
        sent(),
    )
    edit("CODE", CODE)
    send_code()
    assert re.fullmatch(rf"【社保卡自助办理】.+的验证码是 [0-9]{{6}}，{LIFETIME}有效。", sent())


def test_a_code_of_a_provider_of_templates(settings, monkeypatch):
    messages = []

    class Provider:
        fills_templates = True

        def send(self, **message):
            messages.append(message)

    monkeypatch.setattr("apps.notices.senders.outbox.OutboxSms", Provider)
    send_code()
    edit("CODE", CODE, sms_code="SMS_154950909")
    send_code()
    plain, edited = messages
    assert (plain["template"], list(plain["parts"])) == ("", ["code"])
    assert (edited["template"], list(edited["parts"])) == ("SMS_154950909", ["p1", "p2", "p3"])
    assert edited["parts"]["p2"] in edited["text"]
    assert edited["kind"] == plain["kind"]


def test_an_invitation():
    edit("INVITATION", "欢迎，{多长时间}内开户：{链接}")
    holder = make_holder()
    holder.user.set_unusable_password()
    holder.user.save()
    inviting.invite(user=holder.user, upload=make_upload(by=make_user(), at=AT), at=AT)
    assert invitations.send_due(at=AT, limit=10) == 1
    assert re.fullmatch(
        r"【社保卡自助办理】欢迎，[0-9]+ 天内开户：http://\S+/accounts/welcome/\S+/", sent()
    )


def test_a_link_to_a_new_password():
    edit("RESET_LINK", "重设密码：{链接} 限{多长时间}。")
    holder = make_holder()
    password_reset.send_link(account=holder.user, phone=None, by=make_user(), at=AT)
    assert re.fullmatch(r"【社保卡自助办理】重设密码：http://\S+ 限.+。", sent())


def test_a_reminder_says_another_sentence_by_sms():
    words = "{谁的}挂失 {到期时间} 到期。{如果 要到网点补换}到网点。{完}"
    edit(
        "ENDS_SOON", words, sms_text="{谁的}挂失快到期：{到期时间}。{如果 要到网点补换}到网点。{完}"
    )
    loss_report = make_loss_report(at=AT)
    at = loss_report.ends_at - REMINDED_BEFORE + HOUR
    assert reminders.remind_due(at=at, limit=10) == 1
    services.send_due(at=at, limit=10)
    texts = {notice.channel: notice.text for notice in Notice.objects.filter(sent_at=at)}
    assert texts[PORTAL].startswith("您的挂失 ")
    assert texts[SMS].startswith("您的挂失快到期")
