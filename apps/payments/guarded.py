"""Money: what was ordered, paid and reported stays as it was written."""

from apps.events.guards import Guard

# The status and what the questions to the gateway change. The moments of paying and of sending back
# are written once, the order itself (whose, how much, at which gateway, until when) never again.
PAYMENTS = Guard(
    "payments_payment",
    changeable=(
        "status",
        "status_since",
        "trade_number",
        "refund_reason",
        "settlement",
        "next_check_at",
        "last_checked_at",
        "check_count",
        "last_error",
    ),
    once=("paid_at", "refund_began_at", "refunded_at"),
)
DISCREPANCIES = Guard(
    "payments_discrepancy",
    changeable=("status", "status_since", "settlement"),
    once=("settled_at", "settled_by_id"),
)
# Anybody can send notifications about no order of ours: these are forgotten after a while.
NOTIFICATIONS = Guard(
    "payments_paymentnotification",
    deletable="OLD.payment_id IS NULL AND OLD.outcome IN ('FORGED', 'UNKNOWN_ORDER')",
)
GUARDS = (PAYMENTS, DISCREPANCIES, NOTIFICATIONS)
