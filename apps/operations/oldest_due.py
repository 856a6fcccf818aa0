"""What the sweeps have to do: for each of them the oldest row that is due."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.apps import apps
from django.conf import settings
from django.db.models import Min, QuerySet

from apps.bills.models import DailyBill
from apps.bulk.models import BulkRun
from apps.bureau.models import BureauReport, ProductionBatch, ProductionOrder
from apps.bureau.production import RETRY_AFTER
from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.cashier.models import SandboxNotice
from apps.common import leases
from apps.common.moments import began_before, day_of
from apps.events.models import Event
from apps.exports.models import Export
from apps.lifecycle.models import Living, Setback
from apps.notices.models import Notice
from apps.onboarding.models import ReminderRun
from apps.payments.models import Payment
from apps.photo_import.models import PhotoArchive
from apps.reporting import kept
from apps.requests.models import DiscardedFile
from apps.requests.policies import settled_after
from apps.roster.models import Invitation, RosterUpload
from apps.seals.models import TreeHead
from apps.team.models import Digest

_NO_TIME = timedelta(0)
_ONE_DAY = timedelta(days=1)  # what lapses does so at the end of the day


@dataclass(frozen=True)
class DueRows:
    """The due rows of one sweep. `column` + `after` is the moment since when a row is due."""

    key: str
    label: str
    rows: Callable[[datetime], QuerySet]
    column: str
    after: timedelta = _NO_TIME

    def oldest(self, at):
        """Since when its oldest row is due; None if none is."""
        found = self.rows(at).order_by().aggregate(oldest=Min(self.column))["oldest"]
        return None if found is None else min(found + self.after, at)


DUE_ROWS = (
    DueRows(
        "accept",
        "已缴费待受理的申请",
        lambda at: CardRequest.objects.resting_for(RequestStatus.PAID, _NO_TIME, at),
        "status_since",
    ),
    DueRows(
        "lapse",
        "到期没缴费的申请",
        lambda at: CardRequest.objects.submitted_before(began_before(at, settings.UNPAID_LAPSE)),
        "waits_since",
        settings.UNPAID_LAPSE + _ONE_DAY,
    ),
    DueRows(
        "collect",
        "发出已久待确认领取的申请",
        lambda at: CardRequest.objects.resting_since(
            RequestStatus.DISPATCHED, began_before(at, settings.COLLECT_AFTER)
        ),
        "status_since",
        settings.COLLECT_AFTER + _ONE_DAY,
    ),
    DueRows(
        "ask", "待询问支付平台的订单", lambda at: Payment.objects.to_ask_about(at), "next_check_at"
    ),
    DueRows(
        "ask_paid",
        "待核对的已支付订单",
        lambda at: Payment.objects.to_ask_about_paid(at),
        "next_check_at",
    ),
    DueRows(
        "refund", "待送支付平台的退款", lambda at: Payment.objects.to_send_back(at), "next_check_at"
    ),
    DueRows(
        "owed_back",
        "待开始的退款",
        lambda at: Payment.objects.owed_back(at),
        "card_request__status_since",
        settled_after(),
    ),
    DueRows("bill", "待取的日账单", lambda at: DailyBill.objects.due(at), "next_try_at"),
    DueRows("notice", "待发送的消息", lambda at: Notice.objects.due(at), "next_try_at"),
    DueRows("invitation", "待发送的邀请", lambda at: Invitation.objects.due(at), "next_try_at"),
    DueRows(
        "order",
        "待组成制卡批次的申请",
        lambda at: CardRequest.objects.resting_for(
            RequestStatus.APPROVED, settings.DECISION_UNDO_WINDOW, at
        ).exclude(production_orders__in=ProductionOrder.objects.live()),
        "status_since",
        settings.DECISION_UNDO_WINDOW,
    ),
    DueRows(
        "batch",
        "待送制卡中心的批次",
        lambda at: ProductionBatch.objects.to_submit().filter(
            leases.due(at, pauses=(RETRY_AFTER,))
        ),
        "next_try_at",
    ),
    DueRows("report", "待登记的制卡回盘", lambda at: BureauReport.objects.due(at), "next_try_at"),
    DueRows("export", "待导出的文件", lambda at: Export.objects.to_write(at), "status_since"),
    DueRows(
        "bulk",
        "待办理的批量审核",
        lambda at: BulkRun.objects.under_way().filter(leases.free(at, length=_ONE_DAY)),
        "status_since",
    ),
    DueRows(
        "reminders",
        "待发出的成批提醒",
        lambda at: ReminderRun.objects.under_way(),
        "status_since",
    ),
    DueRows(
        "digest",
        "待发出的晨报",
        lambda at: Digest.objects.due(at, day=day_of(at)),
        "next_try_at",
    ),
    DueRows("roster", "待读取的名册", lambda at: RosterUpload.objects.unread(), "status_since"),
    DueRows(
        "photos",
        "待看和待存的照片",
        lambda at: PhotoArchive.objects.under_way(),
        "status_since",
    ),
    DueRows(
        "setback",
        "没能自动办理、待再试的事项",
        lambda at: Setback.objects.filter(next_try_at__lte=at),
        "next_try_at",
    ),
    DueRows("seal", "待存证的办理记录", lambda at: _unsealed(), "at"),
    DueRows("count", "待计入统计的办理记录", lambda at: kept.unseen(), "at"),
    DueRows(
        "sandbox",
        "模拟收银台待送出的通知",
        lambda at: SandboxNotice.objects.due(at),
        "next_try_at",
    ),
    DueRows("file", "待删除的文件", lambda at: DiscardedFile.objects.due(at), "next_try_at"),
)


def _unsealed():
    """The events after the last one that the newest head covers."""
    head = TreeHead.objects.order_by("-number").first()
    return Event.objects.filter(pk__gt=head.last_event_id if head else 0)


def _over_by_the_clock(model, action, at):
    return model._default_manager.overdue(action, at)


def clocks():
    """A `DueRows` for each status that ends by the clock, in all rooms."""
    for model in apps.get_models():
        if issubclass(model, Living):
            for clock in model.lifecycle.clocks:
                yield DueRows(
                    f"{model.lifecycle.name}_{clock.action}".lower(),
                    f"{model._meta.verbose_name}：{model.lifecycle.actions(clock.action).label}",
                    partial(_over_by_the_clock, model, clock.action),
                    clock.ends_at,
                )


def queues():
    """Every `DueRows`."""
    return (*DUE_ROWS, *clocks())
