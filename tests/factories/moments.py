from datetime import UTC, datetime, timedelta

from apps.common.moments import start_of

# A Monday morning in Beijing; tests that need another moment pass their own.
AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def noon(day):
    """A moment in the middle of `day`."""
    return start_of(day) + timedelta(hours=12)
