"""Events about money that are not moves of a lifecycle."""

from apps.bills.enums import MonthAction
from apps.events.kinds import EventKind, register

MONTH = register(EventKind("closed_month", "月结", MonthAction, is_audit_only=True))
