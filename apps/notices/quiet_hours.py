"""The hours of the night in which nothing rings: settings.QUIET_HOURS, such as 22:00-07:00."""

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils.timezone import localtime


def _hours():
    return [time.fromisoformat(part) for part in settings.QUIET_HOURS.split("-")]


def length():
    """How long they last."""
    if not settings.QUIET_HOURS:
        return timedelta()
    begin, end = (datetime.combine(date.min, hour) for hour in _hours())
    return (end - begin) % timedelta(days=1)


def after(moment):
    """`moment`, or the end of the quiet hours in which it lies."""
    if not settings.QUIET_HOURS:
        return moment
    begin, end = _hours()
    here = localtime(moment)
    clock = here.time()
    is_quiet = begin <= clock < end if begin < end else clock >= begin or clock < end
    if not is_quiet:
        return moment
    wakes = here.replace(hour=end.hour, minute=end.minute, second=0, microsecond=0)
    return wakes if wakes > here else wakes + timedelta(days=1)
