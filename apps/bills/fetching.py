"""Fetches the bills that are due. One that cannot be had is tried later and stops no other one."""

import logging
from datetime import timedelta

from django.db.models import F

from apps.bills import comparing, services
from apps.bills.models import FIRST_PAUSE, LEASE, LONGEST_PAUSE, DailyBill
from apps.common import leases
from apps.common.moments import end_of
from apps.common.refusals import Refused
from apps.gateways.bill_file import UnreadableBill
from apps.gateways.port import BillNotThere, GatewayUnavailable, get_gateway

logger = logging.getLogger(__name__)

# Long after the hour at which bills are made: a day without one had no trades.
SURELY_MADE_AFTER = timedelta(hours=15)


def fetch_due(*, at, limit):
    """Fetch up to `limit` bills, the oldest day first. Returns how many were taken."""
    return sum(
        fetch(bill=bill, at=at) for bill in DailyBill.objects.due(at)[:limit] if _lease(bill, at)
    )


def _lease(bill, at):
    """Whether this worker fetches `bill` now: of several that read it as due, one does."""
    waiting = DailyBill.objects.waiting()
    return leases.take(bill, "next_try_at", until=at + LEASE, among=waiting, tries=F("tries") + 1)


def fetch(*, bill, at):
    """Fetch the leased `bill` and take it. Returns whether it is done; else it has the reason."""
    try:
        data = get_gateway(bill.gateway).bill(bill.day, at=at)
        file = services.read(gateway=bill.gateway, data=data, day=bill.day)
        services.take(bill=bill, file=file, data=data, by=None, at=at)
    except BillNotThere:
        return _without_bill(bill, at)
    except (GatewayUnavailable, UnreadableBill, Refused) as error:
        logger.warning("bill of %s: %s", bill.day, error)
        return _try_again(bill, _why(error), at)
    except Exception as error:
        logger.exception("bill of %s", bill.day)
        return _try_again(bill, f"程序出错：{type(error).__name__}", at)
    return True


def _without_bill(bill, at):
    """The gateway answers the same before a bill is made, and of a day without trades."""
    is_quiet = not comparing.has_payments(gateway=bill.gateway, day=bill.day)
    if is_quiet and at >= end_of(bill.day) + SURELY_MADE_AFTER:
        services.find_empty(bill=bill, at=at)
        return True
    return _try_again(bill, "支付平台还没有这一天的账单", at)


def _why(error):
    if isinstance(error, GatewayUnavailable):
        return f"支付平台没有给出账单（{error}）"
    return error.message if isinstance(error, Refused) else str(error)


def _try_again(bill, error, at):
    tries = bill.tries + 1  # the row was read before this try was counted
    pause = leases.growing_pause(tries, first=FIRST_PAUSE, longest=LONGEST_PAUSE)
    waiting = DailyBill.objects.waiting()
    leases.held(bill, "next_try_at", among=waiting).update(
        next_try_at=at + pause, last_error=error[:200]
    )
    return False
