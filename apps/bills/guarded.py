"""What a gateway has listed stays as it was read, and a closed month as it was closed."""

from apps.events.guards import Guard

BILLS = Guard(
    "bills_dailybill",
    changeable=(
        "status",
        "status_since",
        "next_try_at",
        "tries",
        "last_error",
        "digest",
        "taken_by_id",
    ),
)
LINES = Guard("bills_billline")
MONTHS = Guard("bills_closedmonth")
ENTRIES = Guard("bills_bookedentry")
GUARDS = (BILLS, LINES, MONTHS, ENTRIES)
