"""The sentence on the page of an export, one for each status."""

from apps.common.templatetags.formats import moment
from apps.exports.enums import ExportStatus

SENTENCES = {
    ExportStatus.WAITING: "排队中，通常几秒后开始。",
    ExportStatus.RUNNING: "已写 {rows} 件，共约 {expected} 件。",
    ExportStatus.READY: "共 {rows} 件，文件保留到 {until}。",
    ExportStatus.EXPIRED: ("共导出过 {rows} 件，文件已在 {until} 到期删除，这条记录长期保留。"),
    ExportStatus.FAILED: "{error}",
}


def sentence(export, *, at):
    """The sentence about `export` at the moment `at`."""
    return SENTENCES[export.status_at(at)].format(
        rows=export.row_count,
        expected=export.expected_rows,
        until=moment(export.expires_at),
        error=export.error,
    )
