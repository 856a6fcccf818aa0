"""Who may export what, and when a file may be fetched."""

from datetime import timedelta

from django.conf import settings

from apps.common.refusals import Refused
from apps.common.rules import rule_text
from apps.common.templatetags.formats import time_of_day
from apps.desk import roles
from apps.events.enums import Role
from apps.exports.enums import ExportSubject

_HOUR = timedelta(hours=1)


def role_for(subject):
    """The role in which somebody exports `subject`, an `ExportSubject`."""
    return Role.REVIEWER if subject == ExportSubject.REQUESTS else Role.STAFF


def check_may_export(user, *, is_full, subject=ExportSubject.REQUESTS):
    """Raise `Refused` unless `user` may export `subject`, with full numbers if `is_full`."""
    if subject == ExportSubject.MINORS:
        if not (user.is_active and user.has_perm(roles.TRACE_LOOKS)):
            raise Refused("您没有导出未成年人信息台账的权限。", code="no_permission")
        return
    if subject == ExportSubject.SHEET:
        if not (user.is_active and user.has_perm(roles.EXPORT_FULL)):
            raise Refused("您没有导出采集表的权限。", code="no_permission")
        return
    if not (user.is_active and user.has_perm(roles.DECIDE)):
        raise Refused("您没有导出申请的权限。", code="no_permission")
    if is_full and not user.has_perm(roles.EXPORT_FULL):
        raise Refused("您没有导出完整号码的权限，请导出遮盖后的内容。", code="no_permission")


def check_owner(export, user):
    """Raise `Refused` unless `user`, who ordered `export`, may still have it written."""
    try:
        check_may_export(user, is_full=export.is_full, subject=export.subject)
    except Refused as refusal:
        if export.for_date is None:
            raise
        raise Refused(
            "设定自动导出的同事不再有导出采集表的权限，请有权限的同事重新保存一次采集表的栏。",
            code="no_permission",
        ) from refusal


def check_under_way(number):
    """Raise `Refused` if `number`, the unfinished exports of the user, is at its limit."""
    if number >= settings.EXPORTS_IN_FLIGHT:
        raise Refused(
            f"您已有 {rule_text('EXPORTS_IN_FLIGHT', gap=' ')}还没有完成，请等它们完成后再导出。",
            code="in_flight",
        )


def check_recent(moments, *, at):
    """Raise `Refused` if `moments`, when the user ordered exports, fill the hour before `at`."""
    most = settings.EXPORTS_PER_HOUR
    recent = sorted(moment for moment in moments if moment > at - _HOUR)
    if len(recent) >= most:
        free_at = recent[-most] + _HOUR + timedelta(minutes=1)  # a started minute counts
        raise Refused(
            f"一小时内最多导出 {rule_text('EXPORTS_PER_HOUR', gap=' ')}，现在已经到了。"
            f"{time_of_day(free_at)} 以后可以接着导出，选好的条件都还在。",
            code="too_many_exports",
        )


class NobodyToList(Refused):
    """Nothing meets the conditions of an export."""


def check_some(rows):
    """Raise `NobodyToList` when there is nothing to export."""
    if not rows:
        raise NobodyToList("没有符合条件的申请，不需要导出。", code="nothing")


def check_amount(rows):
    """Raise `Refused` when there is nothing to export, or more than one file may hold."""
    check_some(rows)
    if rows > settings.EXPORT_MAX_ROWS:
        raise Refused(
            f"符合条件的申请超过 {settings.EXPORT_MAX_ROWS:,} 件，请缩小范围，分几次导出。",
            code="too_many",
        )


def check_key(key):
    """Raise `Refused` without the public `key` of the receiver: no such file leaves unsealed."""
    if key is None:
        raise Refused(
            "还没有对方的公钥，不能导出采集表。请系统管理员填写 BUREAU_PUBLIC_KEY"
            "（另外几家是 FURTHER_BUREAU_KEYS）。",
            code="no_key",
        )


def check_fetchable(*, export, by, at):
    """Raise `Refused` unless `by` may fetch the file of `export` at the moment `at`."""
    if export.by_id != by.pk and export.subject != ExportSubject.SHEET:
        raise Refused("只有导出人本人可以下载。", code="not_yours")
    check_may_export(by, is_full=export.is_full, subject=export.subject)
    if not export.is_ready(at):
        raise Refused("文件已过期并删除，需要时请重新导出。", code="expired")
