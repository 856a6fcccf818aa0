"""Working days, for promises. Statutory holidays and make-up days come from chinese_calendar."""

from datetime import timedelta

import chinese_calendar

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
