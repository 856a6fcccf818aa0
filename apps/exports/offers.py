"""What somebody may do with an export now: fetch its file, or order the same again."""

from functools import partial

from django.urls import reverse

from apps.common.addresses import row_url
from apps.desk.event_kinds import FileAction
from apps.exports.enums import ExportAction, ExportSubject
from apps.exports.policies import check_fetchable, check_may_export
from apps.lifecycle.offers import Offers, offer_without_move


def offers(export, *, by, at) -> Offers:
    """The offers of `export` for `by`, who sees it (`visible_to`); none while it is written."""
    if export.is_ready(at):
        return Offers([_fetch(export, by=by, at=at)])
    if not export.is_in_flight(at) and export.by_id == by.pk:
        return Offers([_again(export, by=by)])
    return Offers()


def _fetch(export, *, by, at):
    return offer_without_move(
        FileAction.FETCH,
        words="下载文件",
        url=row_url("admin:exports_export_file", export.reference),
        checks=(partial(check_fetchable, export=export, by=by, at=at),),
        hint="每次下载都会记录。",
        is_main=True,
        is_post=True,
    )


def _again(export, *, by):
    query = f"?{export.filter}" if export.filter else ""
    page = _PAGES[export.subject]
    return offer_without_move(
        ExportAction.ORDER,
        words="按同样的条件再导出一次",
        url=f"{reverse(f'admin:exports_export_{page}')}{query}",
        checks=(partial(check_may_export, by, is_full=False, subject=export.subject),),
    )


_PAGES = {
    ExportSubject.REQUESTS: "new",
    ExportSubject.MINORS: "ledger",
    ExportSubject.SHEET: "sheet",
}
