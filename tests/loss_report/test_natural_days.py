"""自然日 in Beijing: what counts, and where a day ends."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from apps.common.templatetags.formats import moment
from apps.loss_report.natural_days import (
    REMINDED_BEFORE,
    end_of_suspension,
    last_date,
    time_left,
)


def beijing(*parts):
    return datetime(*parts, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("at", "days", "end"),
    [
        (beijing(2026, 11, 23, 19, 48, 2), 7, beijing(2026, 12, 1)),
        # The first and the last second of a day end together, those after midnight a day later.
        (beijing(2026, 11, 23, 0, 0, 0), 7, beijing(2026, 12, 1)),
        (beijing(2026, 11, 23, 23, 59, 59, 999999), 7, beijing(2026, 12, 1)),
        (beijing(2026, 11, 24, 0, 0, 0), 7, beijing(2026, 12, 2)),
        # Month and year ends.
        (beijing(2026, 12, 28, 9, 0), 7, beijing(2027, 1, 5)),
        (beijing(2026, 12, 31, 23, 59, 59), 1, beijing(2027, 1, 2)),
        # 29 February in a leap year, and none in a common one.
        (beijing(2028, 2, 22, 9, 0), 7, beijing(2028, 3, 1)),
        (beijing(2028, 2, 28, 9, 0), 1, beijing(2028, 3, 1)),
        (beijing(2028, 2, 29, 9, 0), 1, beijing(2028, 3, 2)),
        (beijing(2027, 2, 22, 9, 0), 7, beijing(2027, 3, 2)),
        # A holiday does not shift the end: 1 October.
        (beijing(2026, 9, 24, 9, 0), 7, beijing(2026, 10, 2)),
        (beijing(2026, 11, 23, 9, 0), 15, beijing(2026, 12, 9)),
    ],
)
def test_the_day_of_the_report_does_not_count_and_the_last_day_ends_at_24(at, days, end):
    assert end_of_suspension(at, days) == end


def test_the_day_is_that_of_beijing_wherever_the_moment_comes_from():
    before_midnight = datetime(2026, 11, 23, 15, 59, 59, tzinfo=UTC)
    after_midnight = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
    assert end_of_suspension(before_midnight, 7) == beijing(2026, 12, 1)
    assert end_of_suspension(after_midnight, 7) == beijing(2026, 12, 2)


def test_the_end_reads_as_24_of_the_last_day():
    end = datetime(2026, 11, 30, 16, tzinfo=UTC)
    assert last_date(end) == date(2026, 11, 30)
    assert moment(end).endswith("11月30日（周一）24:00")


def test_the_reminder_comes_at_nine_on_the_day_before_the_last():
    end = beijing(2026, 12, 1)
    assert end - REMINDED_BEFORE == beijing(2026, 11, 29, 9)


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=7, hours=4, minutes=12, seconds=30), "7天4小时"),
        (timedelta(days=1, minutes=59), "1天"),
        (timedelta(hours=23, minutes=59, seconds=59), "23小时"),
        (timedelta(minutes=59, seconds=59), "59分钟"),
        (timedelta(seconds=59), "不到1分钟"),
        (timedelta(0), "不到1分钟"),
        (timedelta(seconds=-5), "不到1分钟"),
    ],
)
def test_the_time_left_reads_as_in_the_countdown(left, words):
    assert time_left(left) == words
