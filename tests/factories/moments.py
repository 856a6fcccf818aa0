from datetime import timedelta

from apps.common.moments import start_of


def noon(day):
    """A moment in the middle of `day`."""
    return start_of(day) + timedelta(hours=12)
