"""Reporting a temporary loss and lifting it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from apps.cards.enums import CardAction, CardStatus
from apps.cards.models import Card
from apps.cards.permissions import NotYours
from apps.common.moments import day_of
from apps.events.enums import Channel, Role
from apps.lifecycle import engine
from apps.loss_report import services
from apps.loss_report.enums import LossReportAction, LossReportStatus
from apps.loss_report.models import LossReport
from apps.loss_report.natural_days import end_of_suspension
from apps.loss_report.refusals import EndChanged, LossReportRefused
from apps.regions.models import ServiceOpening
from apps.verification.enums import Purpose
from apps.verification.models import Check
from apps.verification.refusals import CheckRefused
from tests.factories.cards import AT, make_card
from tests.factories.checks import pass_check
from tests.factories.loss_reports import make_loss_report, report
from tests.factories.people import make_guardianship, make_holder, make_reviewer, make_ward
from tests.factories.regions import change_rule, make_city

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
REPORTED = AT + DAY
MINUTE = timedelta(minutes=1)


def end_of(loss_report, at):
    return LossReport.objects.get(pk=loss_report.pk).end(at)


def check_for(card, *, at, by=None):
    return pass_check(
        holder=card.holder, by=by or card.holder.user, purpose=Purpose.LOSS_REPORT, at=at
    )


def lift(card, *, at, by=None):
    by = by or card.holder.user
    check_for(card, at=at, by=by)
    services.lift(card=card, by=by, at=at)


def add_guardian(guardian, ward):
    """A second guardian of `ward`, confirmed like the first."""
    make_guardianship(guardian, ward)


# --- Reporting


def test_a_report_suspends_the_card_until_the_end_of_the_seventh_day():
    card = make_card()
    loss_report = report(card, at=REPORTED)
    stored = Card.objects.get(pk=card.pk)
    assert stored.status == CardStatus.SUSPENDED
    assert stored.suspended_until == loss_report.ends_at == end_of_suspension(REPORTED, 7)
    assert (loss_report.days, loss_report.reported_by) == (7, card.holder.user)
    assert card.events.last().action == CardAction.REPORT_LOSS
    assert loss_report.events.get().action == LossReportAction.REPORT


def test_the_city_says_how_many_days():
    card = make_card(city=make_city(loss_report_days=5))
    change_rule(card.city, day=day_of(REPORTED), loss_report_days=10)
    assert report(card, at=REPORTED).ends_at == end_of_suspension(REPORTED, 10)


def test_a_changed_setting_does_not_touch_a_running_report():
    loss_report = make_loss_report(at=REPORTED)
    change_rule(loss_report.card.city, day=day_of(REPORTED), loss_report_days=1)
    loss_report.refresh_from_db()
    loss_report.card.refresh_from_db()
    assert loss_report.days == 7
    assert loss_report.card.suspended_until == end_of_suspension(REPORTED, 7)
    assert loss_report.card.status_at(REPORTED + 3 * DAY) == CardStatus.SUSPENDED


def test_the_end_that_was_agreed_to_is_the_end_or_nothing_happens():
    card = make_card()
    shown = services.end_if_reported(card=card, at=REPORTED)
    with pytest.raises(EndChanged):
        services.report_loss(card=card, agreed_end=shown, by=card.holder.user, at=REPORTED + DAY)
    with pytest.raises(EndChanged):
        services.report_loss(card=card, agreed_end=None, by=card.holder.user, at=REPORTED)
    assert Card.objects.get(pk=card.pk).status == CardStatus.ACTIVE
    assert not LossReport.objects.exists()


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (CardStatus.SEALED, "sealed"),
        (CardStatus.SUSPENDED, "suspended"),
        (CardStatus.LOST, "lost"),
        (CardStatus.RETIRED, "retired"),
    ],
)
def test_only_an_active_card_can_be_reported(status, code):
    card = make_card(status)
    with pytest.raises(LossReportRefused) as refusal:
        report(card, at=AT + 2 * timedelta(hours=1))
    assert refusal.value.code == code
    assert "。" in refusal.value.message


def test_where_the_service_is_not_open_the_hotline_is_named():
    card = make_card()
    ServiceOpening.objects.all().delete()
    with pytest.raises(LossReportRefused) as refusal:
        report(card, at=REPORTED)
    assert refusal.value.code == "not_open"
    assert "没有开通线上临时挂失" in refusal.value.message
    assert "12333" in refusal.value.message


def test_where_the_service_was_closed_it_is_said_so():
    card = make_card()
    ServiceOpening.objects.update(open_until=day_of(AT) - timedelta(days=1))
    with pytest.raises(LossReportRefused) as refusal:
        report(card, at=REPORTED)
    assert "已停办线上临时挂失" in refusal.value.message
    assert "没有开通" not in refusal.value.message


def test_a_guardian_reports_for_the_child_and_a_stranger_does_not():
    guardian = make_holder()
    card = make_card(holder=make_ward(guardian), by=guardian.user)
    with pytest.raises(NotYours):
        report(card, at=REPORTED, by=make_holder().user)
    assert report(card, at=REPORTED, by=guardian.user).events.get().role == Role.GUARDIAN


def test_a_second_report_is_allowed_and_closes_an_expired_one_that_nobody_wrote_down():
    first = make_loss_report(at=REPORTED)
    card = Card.objects.get(pk=first.card_id)
    again = first.ends_at + DAY
    second = report(card, at=again)
    first.refresh_from_db()
    assert first.status == LossReportStatus.EXPIRED
    assert end_of(first, again).at == first.ends_at
    assert second.status == LossReportStatus.OPEN
    assert end_of(second, again) is None
    actions = list(card.events.order_by("-pk").values_list("action", flat=True)[:2])
    assert actions == [CardAction.REPORT_LOSS, CardAction.EXPIRE]


def test_the_database_refuses_a_second_open_report_and_an_unknown_status():
    loss_report = make_loss_report(at=REPORTED)
    other = make_loss_report(at=REPORTED)
    with pytest.raises(IntegrityError), transaction.atomic():
        LossReport.objects.filter(pk=other.pk).update(card=loss_report.card)
    with pytest.raises(IntegrityError), transaction.atomic():
        LossReport.objects.filter(pk=other.pk).update(status="CLOSED")
    with pytest.raises(IntegrityError), transaction.atomic():
        LossReport.objects.filter(pk=other.pk).update(ends_at=REPORTED)


# --- Lifting


def test_lifting_restores_the_card_and_closes_the_report():
    loss_report = make_loss_report(at=REPORTED)
    card = Card.objects.get(pk=loss_report.card_id)
    lift(card, at=REPORTED + DAY)
    loss_report.refresh_from_db()
    assert Card.objects.get(pk=card.pk).status == CardStatus.ACTIVE
    assert loss_report.status == LossReportStatus.LIFTED
    assert end_of(loss_report, REPORTED + DAY).at == REPORTED + DAY


def test_lifting_needs_a_check_of_its_own_and_uses_it_up():
    loss_report = make_loss_report(at=REPORTED)
    card = Card.objects.get(pk=loss_report.card_id)
    holder = card.holder
    pass_check(holder=holder, by=holder.user, purpose=Purpose.ACTIVATE, at=REPORTED + DAY)
    with pytest.raises(CheckRefused):
        services.lift(card=card, by=holder.user, at=REPORTED + DAY)
    assert Card.objects.get(pk=card.pk).status == CardStatus.SUSPENDED
    lift(card, at=REPORTED + DAY)
    used_up = Check.objects.filter(purpose=Purpose.LOSS_REPORT)
    assert not used_up.usable(REPORTED + DAY).exists()


def test_a_check_is_not_used_up_when_there_is_nothing_to_lift():
    loss_report = make_loss_report(at=REPORTED)
    card = Card.objects.get(pk=loss_report.card_id)
    over = loss_report.ends_at
    check = check_for(card, at=over)
    with pytest.raises(LossReportRefused) as refusal:
        services.lift(card=card, by=card.holder.user, at=over)
    check.refresh_from_db()
    assert refusal.value.code == "not_suspended"
    assert not check.is_used


def test_the_other_guardian_may_lift_what_one_guardian_reported():
    one, other = make_holder(), make_holder()
    ward = make_ward(one)
    add_guardian(other, ward)
    card = make_card(holder=ward, by=one.user)
    report(card, at=REPORTED, by=one.user)
    lift(card, at=REPORTED + DAY, by=other.user)
    assert Card.objects.get(pk=card.pk).status == CardStatus.ACTIVE


# --- What another matter did to the card


def move_as_reviewer(card, action, *, at):
    engine.move(card, action, by=make_reviewer(), role=Role.REVIEWER, at=at, channel=Channel.ADMIN)


@pytest.mark.parametrize(
    ("action", "status"),
    [
        (CardAction.CONFIRM_LOSS, LossReportStatus.CONVERTED),
        (CardAction.RETIRE, LossReportStatus.RETIRED),
    ],
)
def test_a_report_ends_with_the_move_that_took_its_card_out_of_the_suspension(action, status):
    loss_report = make_loss_report(at=REPORTED)
    card = Card.objects.get(pk=loss_report.card_id)
    move_as_reviewer(card, action, at=REPORTED + DAY)
    end = end_of(loss_report, REPORTED + 30 * DAY)
    assert (end.status, end.at) == (status, REPORTED + DAY)
    card_event, own = card.events.last(), loss_report.events.last()
    assert (own.by, own.role, own.at) == (card_event.by, card_event.role, card_event.at)


def test_a_formal_loss_after_the_end_leaves_the_report_expired():
    loss_report = make_loss_report(at=REPORTED)
    card = Card.objects.get(pk=loss_report.card_id)
    move_as_reviewer(card, CardAction.CONFIRM_LOSS, at=loss_report.ends_at + DAY)
    end = end_of(loss_report, loss_report.ends_at + 2 * DAY)
    assert (end.status, end.at) == (LossReportStatus.EXPIRED, loss_report.ends_at)
