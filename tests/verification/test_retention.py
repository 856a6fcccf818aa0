"""Codes and single comparisons are short-lived; the check is part of the record and stays."""

from datetime import timedelta

import pytest
from django.conf import settings

from apps.common.moments import kept_until
from apps.verification import code_check, retention
from apps.verification.enums import Likeness
from apps.verification.models import Check, FaceTry, OneTimeCode
from tests.verification.conftest import AT

TICK = timedelta(seconds=1)


@pytest.fixture
def code(check, phones):
    return code_check.send_code(check=check, by=check.by, at=AT)


def test_a_code_goes_after_its_time_and_not_before_and_its_check_stays(check, code):
    due = AT + settings.CODE_RETENTION
    assert retention.forget_codes(at=due - TICK, limit=10) == 0
    assert retention.forget_codes(at=due, limit=10) == 1
    assert retention.forget_codes(at=due, limit=10) == 0
    assert Check.objects.get() == check


def test_a_comparison_goes_after_its_time_and_not_before_and_its_check_stays(check):
    FaceTry.objects.create(of_check=check, likeness=Likeness.SIMILAR, score=0.3, at=AT)
    due = kept_until(AT, settings.FACE_TRY_RETENTION)
    assert retention.forget_face_tries(at=due - TICK, limit=10) == 0
    assert retention.forget_face_tries(at=due, limit=10) == 1
    assert retention.forget_face_tries(at=due, limit=10) == 0
    assert Check.objects.get() == check


def test_one_run_takes_no_more_than_its_limit_the_oldest_first(check):
    for minute in range(3):
        FaceTry.objects.create(of_check=check, at=AT + timedelta(minutes=minute))
    at = kept_until(AT, settings.FACE_TRY_RETENTION) + timedelta(hours=1)
    assert retention.forget_face_tries(at=at, limit=2) == 2
    assert FaceTry.objects.get().at == AT + timedelta(minutes=2)


def test_nothing_goes_that_a_limit_of_an_hour_still_counts(check, code):
    """Forgetting a try early would give a new one."""
    hour = code_check.HOUR
    assert hour < settings.CODE_RETENTION
    assert hour < settings.FACE_TRY_RETENTION
    retention.forget_codes(at=AT + hour, limit=10)
    assert OneTimeCode.objects.sent_to(check.by, since=AT - hour).count() == 1
