"""What somebody may do at the desk about a refund, or about money that matches no order."""

from functools import partial

from apps.bills import closing
from apps.bills.enums import BillAction, MonthAction
from apps.common.addresses import page_url, row_url
from apps.common.refusals import Refused
from apps.desk import roles
from apps.desk.event_kinds import MoneyAction
from apps.finance.permissions import role_of
from apps.lifecycle.offers import Offers, offer, offer_without_move
from apps.payments.enums import DiscrepancyAction, PaymentAction


def check_decides(user):
    """Raise `Refused` unless `user` may act here (and not only read)."""
    if not user.has_perm(roles.SETTLE_MONEY):
        raise Refused("只有审核人和财务可以处理退款和到账。", code="no_permission")


def _page(name, row):
    return row_url(f"admin:payments_discrepancy_{name}", row.reference)


def _offer(row, action, page, *, words, by, at, is_main=False):
    """The `Offer` of `action` on `row`, posted to the desk's `page` for it."""
    return offer(
        row,
        action,
        words=words,
        url=_page(page, row),
        role=role_of(by),
        at=at,
        checks=(partial(check_decides, by),),
        is_main=is_main,
        is_post=True,
    )


def of_refund(payment, *, by, at) -> Offers:
    """The offers for a `payment` whose refund did not succeed."""
    retry, settle = PaymentAction.RETRY_REFUND, PaymentAction.SETTLE_REFUND
    return Offers(
        [
            _offer(payment, retry, "retry", words="请支付平台再退一次", by=by, at=at, is_main=True),
            _offer(payment, settle, "settle_refund", words="已另外退还，办结", by=by, at=at),
        ]
    )


def of_discrepancy(discrepancy, *, by, at) -> Offers:
    """The offers for money that matches no order."""
    settle = DiscrepancyAction.SETTLE
    return Offers([_offer(discrepancy, settle, "settle", words="办结", by=by, at=at, is_main=True)])


def of_bill(bill, *, by):
    """The offer to ask for a waiting bill at once; none for one that is there."""
    fetch = offer_without_move(
        BillAction.TAKE,
        words="现在去取",
        url=row_url("admin:bills_dailybill_fetch", bill.reference),
        checks=(partial(check_decides, by),),
        is_post=True,
    )
    return Offers([fetch] if bill.is_waiting else [])


def to_import(*, by):
    """The offer to bring a bill by hand."""
    return offer_without_move(
        BillAction.TAKE,
        words="上传账单文件",
        url=page_url("admin:bills_dailybill_import"),
        checks=(partial(check_decides, by),),
    )


def to_close(gateway, month, *, by, at):
    """The offer to close `month`, or why not."""
    return offer_without_move(
        MonthAction.CLOSE,
        words="结账",
        url=page_url("admin:bills_closedmonth_close"),
        checks=(
            partial(check_decides, by),
            partial(closing.check_closable, gateway=gateway, month=month, at=at),
        ),
        is_post=True,
    )


def to_note(name, row, *, by):
    """The offer to write down how far the work on `row` is, at the page `name`."""
    return offer_without_move(
        MoneyAction.NOTE,
        words="记下",
        url=_page(name, row),
        checks=(partial(check_decides, by),),
        is_post=True,
    )
