"""What somebody may do at the bureau's desk with a batch, a report or a line, now."""

from functools import partial

from django.urls import reverse

from apps.bureau.enums import BatchAction, LineAction, OrderAction, ReportAction
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


def retry_batch(batch, *, by, at):
    """The `Offer` to send `batch` again now; closed once it has left."""
    return offer(
        batch,
        BatchAction.RETRY,
        words="立即重新送出",
        url=reverse("admin:bureau_productionbatch_retry", args=[batch.reference]),
        role=Role.STAFF,
        at=at,
        checks=(partial(check_operates, by),),
        is_main=True,
        is_post=True,
    )


def retry_report(report, *, by, at):
    """The `Offer` to apply `report` now; closed once it is applied."""
    return offer(
        report,
        ReportAction.RETRY,
        words="立即再试",
        url=reverse("admin:bureau_bureaureport_retry", args=[report.reference]),
        role=Role.STAFF,
        at=at,
        checks=(partial(check_operates, by),),
        is_post=True,
    )


def dismiss_report(report, *, by, at):
    """The `Offer` to decide that `report` doesn't count; closed once it is applied."""
    return offer(
        report,
        ReportAction.DISMISS,
        words="不再登记这一条",
        url=reverse("admin:bureau_bureaureport_dismiss", args=[report.reference]),
        role=Role.STAFF,
        at=at,
        checks=(partial(check_operates, by),),
    )


def release_order(order, *, by, at):
    """The `Offer` to send an order on hold with the next batch."""
    return offer(
        order,
        OrderAction.RELEASE,
        words="重新送制",
        url=reverse("admin:bureau_productionbatch_release", args=[order.reference]),
        role=Role.STAFF,
        at=at,
        checks=(partial(check_operates, by),),
        is_main=True,
        is_post=True,
    )


def send_order_back(order, *, by, at):
    """The `Offer` to send the request of an order on hold back to its review."""
    return offer(
        order.card_request,
        RequestAction.FAIL,
        words="退回审核",
        url=reverse("admin:bureau_productionbatch_send_back", args=[order.reference]),
        role=Role.STAFF,
        at=at,
        checks=(partial(check_operates, by), partial(check_held, order)),
        is_post=True,
    )


def upload(*, by):
    """The `Offer` to upload a report file."""
    return offer_without_move(
        UploadAction.UPLOAD,
        words="上传回盘文件",
        url=reverse("admin:bureau_bureaufile_upload"),
        checks=(partial(check_operates, by),),
        is_main=True,
    )


def of_line(line, *, by, at) -> Offers:
    """The offers for a `line` in quarantine: correct it, or dismiss it."""
    return Offers(
        offer(
            line,
            action,
            words=words,
            url=reverse(f"admin:bureau_quarantinedline_{page}", args=[line.reference]),
            role=Role.STAFF,
            at=at,
            checks=(partial(check_operates, by),),
            is_main=action == LineAction.CORRECT,
            is_post=True,
        )
        for action, words, page in (
            (LineAction.CORRECT, "重新登记", "correct"),
            (LineAction.DISMISS, "不再处理这一行", "dismiss"),
        )
    )
