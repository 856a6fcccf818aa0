"""What somebody may do at the bureau's desk with a batch, a report or a line, now."""

from functools import partial

from django.urls import reverse

from apps.bureau.enums import AddressAction, BatchAction, LineAction, OrderAction, ReportAction
from apps.bureau.policies import check_held
from apps.cards.enums import RequestAction
from apps.common.refusals import Refused
from apps.desk import roles
from apps.desk.event_kinds import UploadAction
from apps.events.enums import Role
from apps.lifecycle.offers import Offers, offer, offer_without_move


def check_operates(user):
    """Raise `Refused` unless `user` may act at the bureau's desk (and not only read)."""
    if not user.has_perm(roles.OPERATE_BUREAU):
        raise Refused("只有审核主管可以处理制卡批次和回盘。", code="no_permission")


def _offer(row, action, page, *, words, by, at, reference=None, checks=(), **look):
    """The `Offer` of `action` on `row` at the desk's `page` for it; `look` as in `offer`."""
    return offer(
        row,
        action,
        words=words,
        url=reverse(f"admin:bureau_{page}", args=[reference or row.reference]),
        role=Role.STAFF,
        at=at,
        checks=(partial(check_operates, by), *checks),
        **look,
    )


def _without_move(action, page, *arguments, words, by, checks=(), **look):
    """The `Offer` of what moves nothing, at the desk's `page`; `look` as in `offer`."""
    return offer_without_move(
        action,
        words=words,
        url=reverse(f"admin:bureau_{page}", args=arguments),
        checks=(partial(check_operates, by), *checks),
        **look,
    )


def retry_batch(batch, *, by, at):
    """The `Offer` to send `batch` again now; closed once it has left."""
    return _offer(
        batch,
        BatchAction.RETRY,
        "productionbatch_retry",
        words="立即重新送出",
        by=by,
        at=at,
        is_main=True,
        is_post=True,
    )


def retry_report(report, *, by, at):
    """The `Offer` to apply `report` now; closed once it is applied."""
    return _offer(
        report,
        ReportAction.RETRY,
        "bureaureport_retry",
        words="立即再试",
        by=by,
        at=at,
        is_post=True,
    )


def dismiss_report(report, *, by, at):
    """The `Offer` to decide that `report` doesn't count; closed once it is applied."""
    return _offer(
        report, ReportAction.DISMISS, "bureaureport_dismiss", words="不再登记这一条", by=by, at=at
    )


def release_order(order, *, by, at):
    """The `Offer` to send an order on hold with the next batch."""
    return _offer(
        order,
        OrderAction.RELEASE,
        "productionbatch_release",
        words="重新送制",
        by=by,
        at=at,
        is_main=True,
        is_post=True,
    )


def note_call(order, *, by):
    """The `Offer` to record that the bureau was called about the new address of `order`."""
    return _without_move(
        AddressAction.PHONE,
        "productionbatch_called",
        order.reference,
        words="已电话告知",
        by=by,
        is_post=True,
    )


def release_many(orders, *, by):
    """The `Offer` to send several orders on hold on together, after a look at each of them."""
    return _without_move(
        OrderAction.RELEASE,
        "productionbatch_release_many",
        words="批量重新送制",
        by=by,
        checks=(partial(_check_any, orders),),
    )


def _check_any(orders):
    if not orders:
        raise Refused("没有搁置的制卡单。", code="nothing")


def send_order_back(order, *, by, at):
    """The `Offer` to send the request of an order on hold back to its review."""
    return _offer(
        order.card_request,
        RequestAction.FAIL,
        "productionbatch_send_back",
        words="退回审核",
        reference=order.reference,
        by=by,
        at=at,
        checks=(partial(check_held, order),),
        is_post=True,
    )


def upload(*, by):
    """The `Offer` to upload a report file."""
    return _without_move(
        UploadAction.UPLOAD, "bureaufile_upload", words="上传回盘文件", by=by, is_main=True
    )


def of_line(line, *, by, at) -> Offers:
    """The offers for a `line` in quarantine: correct it, or dismiss it."""
    return Offers(
        _offer(
            line,
            action,
            f"quarantinedline_{page}",
            words=words,
            by=by,
            at=at,
            is_main=action == LineAction.CORRECT,
            is_post=True,
        )
        for action, words, page in (
            (LineAction.CORRECT, "重新登记", "correct"),
            (LineAction.DISMISS, "不再处理这一行", "dismiss"),
        )
    )
