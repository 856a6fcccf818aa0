"""How an export is told: the sentence for each status, the name of a centre, why one failed."""

from django.core.exceptions import ObjectDoesNotExist

from apps.bureau.port import MAIN
from apps.common.refusals import Refused
from apps.common.templatetags.formats import moment
from apps.encryption.ciphers import InvalidToken
from apps.exports.enums import ExportStatus

SENTENCES = {
    ExportStatus.WAITING: "排队中，通常几秒后开始。",
    ExportStatus.RUNNING: "已写 {rows} 件，共约 {expected} 件。",
    ExportStatus.READY: "共 {rows} 件，文件保留到 {until}。",
    ExportStatus.EXPIRED: ("共导出过 {rows} 件，文件已在 {until} 到期删除，这条记录长期保留。"),
    ExportStatus.FAILED: "{error}",
    ExportStatus.DISMISSED: "{error}",
}


def label_of(receiver):
    """What people call the centre `receiver`."""
    return "社保中心（制卡）" if receiver == MAIN else receiver


def sentence(export, *, at):
    """The sentence about `export` at the moment `at`."""
    return SENTENCES[export.status_at(at)].format(
        rows=export.row_count,
        expected=export.expected_rows,
        until=moment(export.expires_at),
        error=export.error,
    )


class RowsUnreadable(Refused):
    """Requests that could not be read: `errors` is reference → exception."""

    NAMED = 5

    def __init__(self, errors):
        named = [f"{reference}（{_reason(error)}）" for reference, error in errors.items()]
        count = len(named)
        more = f" 等 {count} 件" if count > self.NAMED else ""
        super().__init__(
            f"有 {count} 件申请读不出来，所以文件没有写成：{'、'.join(named[: self.NAMED])}{more}。"
            "请把编号告诉运维员，修好后再导出一次。"
            "急用其他申请的，请先把筛选条件缩小到不含这几件，分开导出。",
            code="unreadable",
        )


def _reason(error):
    if isinstance(error, InvalidToken):
        return "加密内容解不开"
    if isinstance(error, OSError):
        return "照片的文件打不开"
    if isinstance(error, ObjectDoesNotExist):
        return "个人信息不见了"
    return "程序出错，原因在后台日志里"


def _is_of_the_disk(error):
    """Whether it is what lxml makes of an error of the disk, such as IO_ENOSPC."""
    return type(error).__name__ == "SerialisationError" and str(error).startswith("IO_")


def why_not_written(error):
    """What the owner of an export reads when `error` stopped its writing."""
    if isinstance(error, Refused):
        return error.message
    if isinstance(error, OSError) or _is_of_the_disk(error):
        return "服务器的磁盘写不进去（可能已满），文件没有写成，不是您的问题。请过几分钟再导出。"
    if isinstance(error, InvalidToken):
        return "有一件申请的加密内容解不开，文件没有写成。请联系运维员检查密钥和数据。"
    return "程序出错，文件没有写成，原因在后台日志里。请联系运维员，处理后再导出一次。"
