"""到期提醒: who is told what, once, and who is not."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.cards.enums import CardAction
from apps.cards.models import Card
from apps.events.enums import Channel, Role
from apps.events.messages import PORTAL, SMS
from apps.lifecycle import engine
from apps.loss_report import reminders
from apps.loss_report.models import LossReport
from apps.loss_report.natural_days import REMINDED_BEFORE
from apps.notices import services as notices
from apps.notices.models import Notice, OutboxMessage
from apps.regions.enums import Service
from tests.factories.cards import AT, make_card
from tests.factories.loss_reports import make_loss_report, report
from tests.factories.people import (
    make_guardianship,
    make_holder,
    make_reviewer,
    make_ward,
    set_birth_date,
)
from tests.factories.regions import make_city

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
REPORTED = AT + DAY


@pytest.fixture(autouse=True)
def _outbox(settings):
    settings.SMS_SENDER = "apps.notices.senders.outbox.OutboxSms"


def reminder_time(loss_report):
    return loss_report.ends_at - REMINDED_BEFORE


def remind(at):
    return reminders.remind_due(at=at, limit=10)


def test_the_reporter_is_told_in_the_portal_and_by_sms_without_personal_data(client):
    loss_report = make_loss_report(at=REPORTED)
    at = reminder_time(loss_report)
    assert remind(at) == 1
    notices.send_due(at=at, limit=10)
    told = Notice.objects.visible_to(loss_report.reported_by, at=timezone.now()).get()
    sms = OutboxMessage.objects.get()
    assert "12月1日（周二）24:00 到期" in told.text
    assert told.text in sms.text
    assert sms.recipient == loss_report.reported_by.holder.phone
    holder = loss_report.card.holder
    for secret in (holder.name, holder.id_number, loss_report.card.card_number):
        assert secret not in sms.text
    client.force_login(loss_report.reported_by)
    assert loss_report.card.reference in client.get("/messages/").content.decode()


def test_it_comes_at_nine_on_the_day_before_the_last_and_once():
    loss_report = make_loss_report(at=REPORTED)
    at = reminder_time(loss_report)
    assert remind(at - SECOND) == 0
    assert remind(at) == 1
    assert remind(at + DAY) == 0
    loss_report.refresh_from_db()
    assert loss_report.reminded_at == at
    assert sorted(Notice.objects.values_list("channel", flat=True)) == [PORTAL, SMS]


def test_a_worker_that_was_down_reminds_until_the_end_and_not_after_it():
    loss_report = make_loss_report(at=REPORTED)
    assert remind(loss_report.ends_at) == 0
    assert remind(loss_report.ends_at - SECOND) == 1


def test_a_loss_that_another_matter_has_ended_is_not_reminded_of():
    loss_report = make_loss_report(at=REPORTED)
    card = Card.objects.get(pk=loss_report.card_id)
    review = {"by": make_reviewer(), "role": Role.REVIEWER, "channel": Channel.ADMIN}
    engine.move(card, CardAction.CONFIRM_LOSS, at=REPORTED + DAY, **review)
    assert not LossReport.objects.running(REPORTED + DAY).exists()
    assert remind(reminder_time(loss_report)) == 0


def test_a_report_of_a_single_day_has_no_reminder():
    card = make_card(city=make_city(loss_report_days=1))
    loss_report = report(card, at=REPORTED)
    assert remind(loss_report.ends_at - SECOND) == 0


def test_a_guardian_is_told_whose_card_it_is():
    guardian = make_holder()
    card = make_card(holder=make_ward(guardian), by=guardian.user)
    loss_report = report(card, at=REPORTED, by=guardian.user)
    at = reminder_time(loss_report)
    remind(at)
    notices.send_due(at=at, limit=10)
    assert (
        "您子女*乐的社保卡"
        in Notice.objects.visible_to(guardian.user, at=timezone.now()).get().text
    )


def test_it_never_names_a_way_that_is_closed():
    """Neither to a child nor where the city has not opened 补换."""
    guardian, elsewhere = make_holder(), make_city(services=set(Service) - {Service.REPLACE})
    whose = {
        "再申请补换": make_card(city=make_city("370200", "青岛市")),
        "新卡带身份证到网点办理": make_card(city=elsewhere),
        "新卡由父亲或母亲陪同到网点办理": make_card(
            city=elsewhere, holder=make_ward(guardian), by=guardian.user
        ),
    }
    for way, card in whose.items():
        loss_report = report(card, at=REPORTED, by=card.card_request.applicant)
        assert remind(reminder_time(loss_report)) == 1
        told = [notice.text for notice in Notice.objects.filter(holder=card.holder)]
        assert len(told) == 2
        assert all(way in text for text in told), told


def test_the_second_guardian_hears_it_too():
    father, mother = make_holder(), make_holder()
    child = make_ward(father)
    make_guardianship(mother, child)
    loss_report = report(make_card(holder=child, by=father.user), at=REPORTED, by=father.user)
    assert remind(reminder_time(loss_report)) == 1
    told = set(Notice.objects.values_list("recipient", flat=True))
    assert told == {father.user_id, mother.user_id}


def test_a_guardian_whose_part_has_ended_is_told_only_that_the_person_should_look():
    guardian = make_holder()
    ward = make_ward(guardian)
    card = make_card(holder=ward, by=guardian.user)
    loss_report = report(card, at=REPORTED, by=guardian.user)
    set_birth_date(ward, ward.birth_date.replace(year=2005))
    at = reminder_time(loss_report)
    remind(at)
    notices.send_due(at=at, limit=10)
    text = Notice.objects.visible_to(guardian.user, at=timezone.now()).get().text
    assert "由本人办理和查看" in text
    assert "挂失" not in text


def test_one_that_fails_does_not_stop_the_others(monkeypatch):
    broken, fine = (make_loss_report(at=REPORTED) for _ in range(2))
    real = reminders.announce

    def announce(*, event, **words):
        if event.subject_id == broken.pk:
            raise RuntimeError("a broken row")
        real(event=event, **words)

    monkeypatch.setattr(reminders, "announce", announce)
    assert reminders.remind_due(at=reminder_time(fine), limit=1) == 1
    broken.refresh_from_db()
    fine.refresh_from_db()
    assert broken.reminded_at is None
    assert fine.reminded_at is not None
