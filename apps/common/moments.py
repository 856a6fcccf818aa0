"""The day of a moment. Code stores and passes moments, and asks here which day it is.

Days are days in Asia/Shanghai (settings.TIME_ZONE).
"""

from datetime import datetime, time, timedelta

from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.dateparse import parse_datetime

_YEARS = range(2000, 9999)  # beyond them no time zone can be applied


def day_of(at):
    """The day to which the moment `at` belongs."""
    return timezone.localdate(at, timezone.get_default_timezone())


def start_of(day):
    """The moment at which `day` begins."""
    return datetime.combine(day, time.min, timezone.get_default_timezone())


def end_of(day):
    """The moment at which `day` ends: its 24:00, which is 00:00 of the next one.

    A date that people are told as the last one is kept up to this moment.
    """
    return start_of(day + timedelta(days=1))


def last_day_of(day, period):
    """The last day of a `period` of whole days that begins on `day`, which does not count.

    A period of years (of 365 days, as `rules.duration` reads them) ends on the same date, and where
    that does not exist, on the last of its month (民法典第二百零一条至第二百零三条).
    """
    years = _years(period)
    if not years:
        return day + period
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def kept_until(at, period):
    """The end of a `period` of whole days from the moment `at`: 24:00 of its last day."""
    return end_of(last_day_of(day_of(at), period))


def began_before(at, period):
    """What happened before this moment has had its whole `period` of days at the moment `at`.

    `kept_until` turned around, for the database.
    """
    day, years = day_of(at), _years(period)
    if not years:
        return start_of(day - period)
    try:
        return start_of(day.replace(year=day.year - years))
    except ValueError:  # 29 February: what began on the 28th is over
        return start_of(day.replace(year=day.year - years, month=3, day=1))


def _years(period):
    """How many years `period` is; 0 if it is no number of whole years."""
    years, rest = divmod(period, timedelta(days=365))
    return 0 if rest else years


class DayOf(TruncDate):
    """`day_of` for the database; many times faster on SQLite than `TruncDate`.

    Django would convert each row in Python there. SQLite adds the hours itself: the clock of
    Asia/Shanghai has not been changed since 1991.
    """

    def as_sqlite(self, compiler, connection, **extra_context):
        sql, parameters = compiler.compile(self.lhs)
        return f"date({sql}, '+8 hours')", parameters


def parse(text):
    """The moment in `text`, which a page sent back: ISO 8601 with an offset. None for other texts.

    The text comes from a browser, so it can be anything.
    """
    try:
        moment = parse_datetime(text)
    except ValueError:  # written like a moment, on a day that does not exist
        return None
    if moment is None or moment.tzinfo is None or moment.year not in _YEARS:
        return None
    return moment
