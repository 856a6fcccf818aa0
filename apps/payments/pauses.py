"""How long the gateway is left alone between two questions about one order."""

from datetime import timedelta

from apps.common import leases

# One pause for each question; the last one repeats. After an order was placed, a refund began, the
# money arrived.
ASK_AFTER = [timedelta(seconds=n) for n in (10, 10, 15, 30, 60, 120, 300, 600, 1800)]
REFUND_AFTER = [timedelta(seconds=n) for n in (10, 60, 300, 1800, 7200)]
PAID_AFTER = [timedelta(hours=n) for n in (1, 6, 24, 72, 168)]


def to_check(at, pauses):
    """The condition for orders with these `pauses` whose next question is due at `at`."""
    return leases.due(at, "next_check_at", pauses=[pauses[0], *pauses], tries="check_count")
