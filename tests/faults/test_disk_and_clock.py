"""The clock goes back, beat runs twice, a pulse cannot be written: what is stored stays sound."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from apps.cards.models import CardRequest
from apps.common.deadlines import Deadline
from apps.events.models import Event
from apps.loss_report import expiry
from apps.loss_report import services as loss_report
from apps.requests import tasks as requests
from sbk_portal import beat, probe
from sbk_portal.celery import app
from tests.factories.cards import make_card, make_request

pytestmark = pytest.mark.django_db


def test_a_clock_that_goes_back_an_hour_ends_nothing_early_and_loses_nothing():
    now = timezone.now()
    card = make_card("ACTIVE", at=now - timedelta(days=3))
    end = loss_report.end_if_reported(card=card, at=now)
    loss_report.report_loss(card=card, agreed_end=end, by=card.holder.user, at=now)
    card.refresh_from_db()
    later = card.suspended_until + timedelta(minutes=1)
    for at in (now - timedelta(hours=1), now, later - timedelta(hours=1)):
        expire_due(at)
        card.refresh_from_db()
        assert card.status == "SUSPENDED", at
    expire_due(later)
    expire_due(later - timedelta(hours=1))
    card.refresh_from_db()
    assert card.status == "ACTIVE"
    assert card.events.filter(action="EXPIRE").count() == 1


def expire_due(at):
    expiry.expire_due(at=at, deadline=Deadline(5))


def test_two_beats_do_nothing_twice():
    make_request("PAID")
    for _ in range(2):
        requests.accept_paid_requests()
    accepted = Event.objects.filter(action="ACCEPT")
    assert accepted.count() == CardRequest.objects.filter(status="ACCEPTED").count() == 1


def test_the_pulse_of_beat_tells_whether_it_lives(tmp_path):
    pulse = tmp_path / beat.PULSE
    assert not probe.beat_is_alive(pulse)
    beat.show_pulse(tmp_path)
    assert probe.beat_is_alive(pulse)
    old = pulse.stat().st_mtime - probe.BEAT_IS_QUIET_AFTER - 1
    os.utime(pulse, (old, old))
    assert not probe.beat_is_alive(pulse)
    beat.show_pulse(Path("/nowhere"))  # a disk that takes nothing does not stop beat
    assert app.conf.beat_schedule
