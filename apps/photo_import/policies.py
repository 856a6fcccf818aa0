"""What may be done with an archive of pictures, and until when."""

from django.conf import settings

from apps.common.rules import rule_text
from apps.photo_import.refusals import ArchiveRefused


def check_ready(archive):
    """Raise `ArchiveRefused` unless the preview of `archive` waits for its confirmation."""
    if not archive.is_ready:
        raise ArchiveRefused(
            "这些照片已经存入、已放弃或还没有看完，请看最新的状态。", code="not_ready", row=archive
        )


def check_fresh(archive, *, at):
    """Raise `ArchiveRefused` when the preview of `archive` is so old that it may be deleted."""
    if at - archive.at >= settings.PHOTO_ARCHIVE_RETENTION:
        raise ArchiveRefused(
            f"这份预览已经超过 {rule_text('PHOTO_ARCHIVE_RETENTION', gap=' ')}，请重新上传压缩包。",
            code="too_old",
        )


def check_any(archive):
    """Raise `ArchiveRefused` when no picture of `archive` can be stored."""
    if not archive.counts.get("matched"):
        raise ArchiveRefused("没有一张照片可以存入。", code="none")
