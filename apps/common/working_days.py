"""Working days, for promises. Statutory holidays and make-up days come from chinese_calendar."""

from datetime import timedelta

import chinese_calendar

from apps.common.moments import start_of

_FRIDAY = 4


def is_working_day(day):
    """Whether people work on `day`; Monday to Friday in years not yet announced."""
    try:
        return chinese_calendar.is_workday(day)
    except NotImplementedError:
        return day.weekday() <= _FRIDAY


def add_working_days(day, count):
    """The `count`-th working day after `day`; `day` itself when `count` is 0."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def begun_before(today, count):
    """What began before this moment has had its `count` working days, and `today` is later."""
    day = today
    while add_working_days(day - timedelta(days=1), count) >= today:
        day -= timedelta(days=1)
    return start_of(day)


def count_working_days(start, end):
    """How many working days lie after `start` up to and with `end`; 0 when `end` is not later.

    The inverse of `add_working_days`: from `start` to add_working_days(start, n) it counts n.
    """
    days = (start + timedelta(days=number) for number in range(1, (end - start).days + 1))
    return sum(is_working_day(day) for day in days)
