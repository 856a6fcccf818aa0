"""Checks of the work itself: what is due, what was given up, what waits for a person."""

from datetime import date, timedelta

from django.db.models import Count, Exists, Min, OuterRef, Q

from apps.bills.models import DailyBill
from apps.bureau.enums import ReportStatus
from apps.bureau.models import (
    BureauFile,
    BureauReport,
    ProductionBatch,
    ProductionOrder,
    QuarantinedLine,
)
from apps.bureau.models.production import BatchState
from apps.common import working_days
from apps.common.moments import day_of
from apps.exports.enums import ExportStatus
from apps.exports.models import Export
from apps.notices import channels
from apps.notices.enums import NoticeStatus
from apps.notices.models import Notice
from apps.operations.checks.processes import after_a_start
from apps.operations.enums import State
from apps.operations.examination import Diagnosis, HealthCheck, worst
from apps.operations.oldest_due import queues
from apps.payments.models import Discrepancy, Payment

# How long what is due may lie before somebody should look, and before it is an alarm.
LATE, TOO_LATE = timedelta(minutes=15), timedelta(hours=1)
UNREAD_TOLD_FOR = timedelta(days=7)
# From 20 December on, days may be off by the arrangement of the next year.
NEXT_YEAR_BEGINS = timedelta(days=12)


def _sweeps(at):
    lines, states = [], [State.OK]
    for queue in queues():
        since = queue.oldest(at)
        if since is None:
            continue
        lies = at - since
        states.append(State.BAD if lies > TOO_LATE else State.WARN if lies > LATE else State.OK)
        lines.append(f"{queue.label}：最早的已到期 {_minutes(lies)}")
    state = worst(states)
    says = {
        State.OK: "到期的事都在按时办。",
        State.WARN: "有到期的事晚了一刻钟以上。",
        State.BAD: "有到期的事晚了一小时以上。",
    }[state]
    return Diagnosis(state, says, tuple(lines))


def _minutes(length):
    minutes = max(int(length.total_seconds() // 60), 0)
    return f"{minutes} 分钟" if minutes < 120 else f"{minutes // 60} 小时"


def _messages(at):
    counts = Notice.objects.aggregate(
        waiting=Count("pk", filter=Q(status=NoticeStatus.WAITING)),
    )
    given_up = Notice.objects.given_up().count()
    says = f"等待发送 {counts['waiting']} 条，没有发出 {given_up} 条。"
    if not given_up:
        return Diagnosis(State.OK, says)
    by_error = (
        Notice.objects.given_up()
        .values("channel", "last_error")
        .annotate(count=Count("pk"))
        .order_by("-count", "channel", "last_error")[:10]
    )
    lines = tuple(
        f"{channels.get(row['channel']).label}：{row['last_error'] or '原因不明'}"
        f"（{row['count']} 条）"
        for row in by_error
    )
    return Diagnosis(State.WARN, says, lines)


def _bureau(at):
    failing = ProductionBatch.objects.in_state(BatchState.FAILING)
    lines = [
        f"批次 {batch.reference} 送不出去：{batch.last_error}"
        for batch in failing.order_by("pk")[:10]
    ]
    counts = {
        "送不出去的批次": failing.count(),
        "搁置的制卡单": ProductionOrder.objects.held().count(),
        "没能登记的回盘": BureauReport.objects.filter(status=ReportStatus.REFUSED).count(),
        "待处理的隔离行": QuarantinedLine.objects.open().count(),
        "没有读成的回盘文件": len(unread := _unread_files(at)),
    }
    lines += [f"文件 {name}：{refusal}" for name, refusal in unread[:10]]
    found = {name: count for name, count in counts.items() if count}
    if not found:
        return Diagnosis(State.OK, "批次都送出去了，回盘都登记了。")
    says = "、".join(f"{name} {count} 个" for name, count in found.items()) + "。"
    return Diagnosis(State.BAD if failing else State.WARN, says, tuple(lines))


def _unread_files(at):
    """(name, why) of the files of the last week that were not read, and did not come right since.

    The bureau delivers a file that was refused once more under its name.
    """
    files = BureauFile.objects.filter(direction=BureauFile.Direction.IN)
    read_since = files.filter(name=OuterRef("name"), refusal="", pk__gt=OuterRef("pk"))
    refused = files.filter(exchanged_at__gt=at - UNREAD_TOLD_FOR).exclude(refusal="")
    found = refused.filter(~Exists(read_since)).order_by("pk")
    return list(found.values_list("name", "refusal"))


def _refunds(at):
    late = Payment.objects.refunds_in_trouble(at).aggregate(
        count=Count("pk"), oldest=Min("owed_since")
    )
    differing = Discrepancy.objects.open().count()
    if not late["count"] and not differing:
        return Diagnosis(State.OK, "退款都到账了，到账的都对得上订单。")
    days = max((at - late["oldest"]).days, 0) if late["oldest"] else 0
    waits = f"（最早的等了 {days} 天）" if days else ""
    return Diagnosis(
        State.WARN, f"没有到账的退款 {late['count']} 笔{waits}，对不上的到账 {differing} 笔。"
    )


def _bills(at):
    missing = DailyBill.objects.missing(at).order_by("day")
    lines = tuple(f"{bill.day}：{bill.last_error or '还没有去取过'}" for bill in missing[:10])
    if lines:
        return Diagnosis(State.BAD, f"有 {missing.count()} 天的账单过了两天还没有取到。", lines)
    return Diagnosis(State.OK, "该有的日账单都取到了，或还不到时候。")


def _exports(at):
    failed = Export.objects.filter(status=ExportStatus.FAILED)
    lines = tuple(f"{export.reference}：{export.error}" for export in failed.order_by("-pk")[:10])
    if not lines:
        return Diagnosis(State.OK, "没有做不成的导出。")
    return Diagnosis(State.WARN, f"有 {failed.count()} 个导出没有完成。", lines)


def _holidays(at):
    today = day_of(at)
    missing = working_days.current().missing_years(today)
    if not missing:
        return Diagnosis(State.OK, "该有的放假安排都有。")
    begins = date(missing[0], 1, 1) - NEXT_YEAR_BEGINS
    years = "、".join(map(str, missing))
    return Diagnosis(
        State.BAD if today >= begins else State.WARN,
        f"{years} 年的放假安排还没有上传，可能连休的日子都不算工作日，承诺的日期偏晚。",
    )


CHECKS = (
    HealthCheck(
        "sweeps",
        "到期的事",
        "先看消息队列、后台任务和定时任务三项；都正常就看“定时任务”一项里哪个任务没有成功。",
        after_a_start(_sweeps),
    ),
    HealthCheck(
        "messages",
        "消息",
        "短信或邮件的服务恢复以后，在下面勾选重试；号码不对、不用再发的，写明原因后不再发送。",
        _messages,
    ),
    HealthCheck(
        "bureau",
        "制卡",
        "查看交换目录挂上没有、能不能写、空间够不够；在「制卡」里逐个处理批次、回盘和隔离行。",
        _bureau,
    ),
    HealthCheck(
        "bills",
        "日账单",
        "看原因：没有权限的，在支付平台开通账单下载；一直取不到的，请财务从商户后台下载后在"
        "「款项」的「日账单」里上传。",
        _bills,
    ),
    HealthCheck(
        "refunds",
        "退款和到账",
        "在「款项」里逐笔处理：重新退款、另外退还，或核对办结。",
        _refunds,
    ),
    HealthCheck(
        "exports",
        "导出",
        "磁盘或数据库的问题解决以后重试；条件不对的，请导出人缩小范围再导出一次。",
        _exports,
    ),
    HealthCheck(
        "holidays",
        "放假安排",
        "国务院办公厅公布以后，请审核主管在「地区与规则」的「放假安排」里上传；承诺的日期随之算准。",
        _holidays,
    ),
)
