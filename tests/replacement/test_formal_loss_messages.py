"""Who is told of a formal loss, and in which words."""

from datetime import timedelta

import pytest
from django.urls import reverse

from apps.events.messages import PORTAL, SMS
from apps.notices.models import Notice
from apps.regions.enums import Service
from apps.regions.models import ServiceOpening
from apps.replacement import services
from tests.factories.cards import make_card
from tests.factories.formal_losses import (
    DECLARED,
    confirm,
    declare,
    make_formal_loss,
)
from tests.factories.people import make_holder, make_reviewer, make_ward
from tests.telling import tell

pytestmark = pytest.mark.django_db

LATER = DECLARED + timedelta(hours=2)
TOLD = LATER + timedelta(days=1)


def told_of_losses(user):
    return Notice.objects.filter(recipient=user, event__subject_kind="formal_loss")


def test_every_decision_is_told_in_the_portal_and_by_sms():
    first, second = make_formal_loss(), make_formal_loss()
    confirm(first)
    services.refuse(loss=second, reason="请补充回执号", by=make_reviewer(), at=LATER)
    services.withdraw(loss=first, reason="卡找到了", by=make_reviewer(), at=LATER)
    tell(TOLD)
    for loss, count in ((first, 2), (second, 1)):
        mine = told_of_losses(loss.declared_by)
        for channel in (PORTAL, SMS):
            assert mine.filter(channel=channel).count() == count
    assert "没有确认" in told_of_losses(second.declared_by).first().text


def test_every_refusal_is_told_however_many_there_were():
    card = make_card()
    for hour in range(4):
        at = DECLARED + timedelta(hours=hour)
        services.refuse(loss=declare(card, at=at), reason="不属实", by=make_reviewer(), at=at)
    tell(TOLD)
    for channel in (PORTAL, SMS):
        told = told_of_losses(card.holder.user).filter(channel=channel)
        assert told.count() == 4


def test_the_message_of_a_refusal_leads_to_the_card(client, settings):
    settings.SMS_SENDER = "apps.notices.senders.outbox.OutboxSms"
    loss = make_formal_loss()
    services.refuse(loss=loss, reason="不属实", by=make_reviewer(), at=LATER)
    tell(TOLD)
    client.force_login(loss.declared_by)
    page = client.get(reverse("home:messages")).content.decode()
    assert reverse("loss_report:detail", args=[loss.card.reference]) in page


def test_a_guardian_is_told_of_the_child_by_a_masked_name():
    guardian = make_holder()
    card = make_card(holder=make_ward(guardian), by=guardian.user)
    confirm(declare(card, by=guardian.user))
    tell(TOLD)
    text = told_of_losses(guardian.user).first().text
    assert text.startswith("您子女*乐的社保卡已确认正式挂失")


def test_who_lives_where_nothing_is_replaced_online_is_told_where_to_go():
    loss = make_formal_loss()
    ServiceOpening.objects.filter(service=Service.REPLACE).delete()
    confirm(loss)
    tell(TOLD)
    text = told_of_losses(loss.declared_by).first().text
    assert "没有开通网上补换" in text
    assert "申请补换" not in text
