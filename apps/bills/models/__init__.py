from apps.bills.models.bill import (
    FIRST_PAUSE,
    LEASE,
    LONGEST_PAUSE,
    READY_AFTER,
    BillLine,
    DailyBill,
)
from apps.bills.models.month import BookedEntry, ClosedMonth

__all__ = [
    "FIRST_PAUSE",
    "LEASE",
    "LONGEST_PAUSE",
    "READY_AFTER",
    "BillLine",
    "BookedEntry",
    "ClosedMonth",
    "DailyBill",
]
