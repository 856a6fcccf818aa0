"""The hours of the night in which nothing rings: settings.QUIET_HOURS, such as 22:00-07:00."""

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils.timezone import localtime

from apps.common import leases
from apps.notices import channels


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


def when_it_may_ring(channel, moment):
    """`moment`, or the end of the quiet hours for a channel (its name) that rings."""
    return after(moment) if channels.rings(channel) else moment


def put_off(notice, *, at):
    """Whether `notice`, which is due, has to wait for the end of the quiet hours; it does then.

    A try before them failed, nobody sent it in time, or an operator has it tried again at night.
    """
    if notice.event.message and notice.event.message.is_urgent:
        return False
    until = when_it_may_ring(notice.channel, at)
    if until == at:
        return False
    leases.take(notice, "next_try_at", until=until)
    return True
