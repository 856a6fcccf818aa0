"""`manage.py verify_integrity` finds what is wrong, and nothing in sound data."""

import io
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from apps.cards.enums import CardAction, CardStatus, RequestAction, RequestStatus
from apps.cards.models import Card, CardRequest
from apps.common import integrity
from apps.events.enums import Channel, Role
from apps.events.models import Event
from apps.lifecycle import engine
from apps.loss_report.models import LossReport
from apps.notices.models import Notice
from apps.payments.enums import PaymentStatus
from apps.payments.models import Payment
from apps.requests.models import DiscardedFile, Particulars
from tests.factories.cards import COMPLETE, make_card, make_request
from tests.factories.loss_reports import make_loss_report
from tests.factories.payments import make_paid
from tests.guards import without_guards

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("filed_portrait")]
NOW = timezone.now()
EARLIER = NOW - timedelta(days=3)


def broken(says):
    """The rows that break the rule with these words; that there is one such rule is asserted."""
    rules = [rule for rule in integrity.invariants() if rule.says == says]
    assert len(rules) == 1
    return [str(row) for row in rules[0].breaches(NOW)]


def test_a_status_without_its_event():
    card = make_card(at=EARLIER)
    assert broken("状态就是最后一条记录的状态") == []
    Card.objects.filter(pk=card.pk).update(status=CardStatus.RETIRED)
    assert broken("状态就是最后一条记录的状态") == [str(card)]


def test_a_status_that_began_at_another_moment():
    card = make_card(at=EARLIER)
    Card.objects.filter(pk=card.pk).update(status_since=NOW)
    assert broken("状态开始的时间就是那条记录的时间") == [str(card)]


def event_of(row, action, old, **columns):
    event = engine.event_of(
        row, action, old, by=None, role=Role.WORKER, at=NOW, channel=Channel.WORKER
    )
    for name, value in columns.items():
        setattr(event, name, value)
    event.save(force_insert=True)
    return event


def test_an_event_that_begins_elsewhere_and_one_that_no_table_has():
    card = make_card(at=EARLIER)
    event = event_of(card, CardAction.ISSUE, CardStatus.LOST)
    assert broken("每条记录从上一条的状态开始") == [str(event)]
    assert broken("每条记录都是状态表允许的") == [str(event)]


def test_a_suspension_that_nobody_wrote_down_is_forgiven_for_a_while_only():
    report = make_loss_report(at=NOW - timedelta(days=20))
    assert sorted(broken("到期的都已写下")) == sorted([str(report.card), str(report)])
    ended = NOW - timedelta(minutes=30)
    LossReport.objects.filter(pk=report.pk).update(ends_at=ended)
    Card.objects.filter(pk=report.card_id).update(suspended_until=ended)
    assert broken("到期的都已写下") == []


def test_a_suspended_card_without_its_report_and_a_report_without_its_card():
    report = make_loss_report(at=EARLIER)
    LossReport.objects.filter(pk=report.pk).update(ends_at=report.ends_at + timedelta(days=1))
    assert broken("临时挂失的社保卡都有同时到期的挂失") == [str(report.card)]
    Card.objects.filter(pk=report.card_id).update(status=CardStatus.ACTIVE, suspended_until=None)
    assert broken("进行中的临时挂失，社保卡都在临时挂失") == [str(report)]


def test_a_lost_card_without_a_declaration():
    card = make_card(CardStatus.LOST, at=EARLIER)
    assert str(card) in broken("正式挂失的社保卡都有确认过的声明")


def test_a_paid_request_without_money_and_money_that_paid_nothing():
    payment = make_paid()
    assert broken("到账的钱都付了一件申请，或在退回") == []
    assert broken("记为已缴费的申请，钱都到了") == []
    with without_guards():
        Payment.objects.filter(pk=payment.pk).update(
            status=PaymentStatus.FAILED, paid_at=None, trade_number=""
        )
    assert broken("记为已缴费的申请，钱都到了") == [str(payment.card_request)]


def test_money_owed_back():
    payment = make_paid()
    CardRequest.objects.filter(pk=payment.card_request_id).update(
        status=RequestStatus.REJECTED, status_since=EARLIER
    )
    assert broken("没有出卡的申请，钱都在退回") == [str(payment)]


def test_a_file_without_its_row_and_a_row_without_its_file(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    card_request = make_request(RequestStatus.SUBMITTED, at=EARLIER)
    row = Particulars.objects.get(card_request=card_request)
    assert broken("每一行所指的文件都在") == [str(row)]
    default_storage.save(COMPLETE["portrait"], ContentFile(b"a picture"))
    assert broken("每一行所指的文件都在") == []
    default_storage.save("portraits/nobody.jpg", ContentFile(b"a picture"))
    rule = next(r for r in integrity.invariants() if r.says == "每个文件都属于某一行，或等待删除")
    assert list(rule.breaches(NOW)) == []  # its row may be written this very moment
    assert list(rule.breaches(NOW + timedelta(hours=5))) == ["portraits/nobody.jpg"]
    DiscardedFile.objects.create(name="portraits/nobody.jpg", discarded_at=NOW, next_try_at=NOW)
    assert list(rule.breaches(NOW + timedelta(hours=5))) == []


def test_an_event_that_nobody_was_told():
    card_request = make_request(RequestStatus.REJECTED, at=EARLIER)
    event = Event.objects.of(card_request).get(action=RequestAction.REJECT)
    assert str(event) in broken("该通知的事都通知了")


def test_a_message_that_waits_too_long():
    card_request = make_request(RequestStatus.REJECTED, at=EARLIER)
    notice = Notice.objects.create(
        event=Event.objects.of(card_request).last(),
        holder=card_request.holder,
        recipient=card_request.applicant,
        channel="PORTAL",
        created_at=EARLIER,
        next_try_at=EARLIER,
    )
    assert broken("该发出的消息都按时发过") == [str(notice)]


def test_the_command_names_rows_and_no_person():
    out = io.StringIO()
    card = make_card(at=EARLIER)
    Card.objects.filter(pk=card.pk).update(status=CardStatus.RETIRED)
    with pytest.raises(CommandError, match="规则不成立"):
        call_command("verify_integrity", stdout=out)
    assert f"社保卡 #{card.pk}" in out.getvalue()
    assert card.holder.name not in out.getvalue()


def test_the_command_says_when_all_is_well():
    out = io.StringIO()
    call_command("verify_integrity", stdout=out)
    assert "全部成立" in out.getvalue()
