"""Who may export what, and when a file may be fetched."""

from django.conf import settings

from apps.common.refusals import Refused
from apps.common.rules import rule_text
from apps.desk import roles


def check_may_export(user, *, is_full):
    """Raise `Refused` unless `user` may export, with full numbers if `is_full`."""
    if not (user.is_active and user.has_perm(roles.DECIDE)):
        raise Refused("您没有导出申请的权限。", code="no_permission")
    if is_full and not user.has_perm(roles.EXPORT_FULL):
        raise Refused("您没有导出完整号码的权限，请导出遮挡后的内容。", code="no_permission")


def check_under_way(number):
    """Raise `Refused` if `number`, the unfinished exports of the user, is at its limit."""
    if number >= settings.EXPORTS_IN_FLIGHT:
        raise Refused(
            f"您已有 {rule_text('EXPORTS_IN_FLIGHT', gap=' ')}还没有完成，请等它们完成后再导出。",
            code="in_flight",
        )


def check_amount(rows):
    """Raise `Refused` when there is nothing to export, or more than one file may hold."""
    if not rows:
        raise Refused("没有符合条件的申请，不需要导出。", code="nothing")
    if rows > settings.EXPORT_MAX_ROWS:
        raise Refused(
            f"符合条件的申请超过 {settings.EXPORT_MAX_ROWS:,} 件，请缩小范围，分几次导出。",
            code="too_many",
        )


def check_fetchable(*, export, by, at):
    """Raise `Refused` unless `by` may fetch the file of `export` at the moment `at`."""
    if export.by_id != by.pk:
        raise Refused("只有导出人本人可以下载。", code="not_yours")
    check_may_export(by, is_full=export.is_full)
    if not export.is_ready(at):
        raise Refused("文件已过期并删除，需要时请重新导出。", code="expired")
