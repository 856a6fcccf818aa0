from datetime import UTC, datetime, timedelta

from django.utils import timezone

from apps.common.moments import start_of

# A Monday morning in Beijing; tests that need another moment pass their own.
AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def noon(day):
    """A moment in the middle of `day`."""
    return start_of(day) + timedelta(hours=12)


def ago(**time):
    """That long ago, to the minute: what factories recorded with it is repeated for a minute."""
    return timezone.now().replace(second=0, microsecond=0) - timedelta(**time)
