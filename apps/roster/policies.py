"""What may be done with an uploaded roster, and until when."""

from django.conf import settings

from apps.common.rules import rule_text
from apps.roster.refusals import RosterRefused


def needs_count(upload):
    """Whether so many people would leave that the number has to be typed to confirm."""
    left, employed = upload.counts.get("left", 0), upload.counts.get("employed", 0)
    return left * 100 > employed * settings.ROSTER_LEAVING_PERCENT


def check_ready(upload):
    """Raise `RosterRefused` unless the preview of `upload` waits for its confirmation."""
    if not upload.is_ready:
        raise RosterRefused(
            "这份名册已经生效、已放弃或还没有读完，请看最新的状态。",
            code="not_ready",
            row=upload,
        )


def check_rematchable(upload):
    """Raise `RosterRefused` unless a person matched the columns of `upload`."""
    if not upload.choice:
        raise RosterRefused("这份名册的表头不用对应。", code="not_matched")


def check_fresh(upload, *, at):
    """Raise `RosterRefused` when the preview of `upload` is so old that it may be deleted."""
    if at - upload.at >= settings.ROSTER_RETENTION:
        raise RosterRefused(
            f"这份预览已经超过 {rule_text('ROSTER_RETENTION', gap=' ')}，请重新上传名册。",
            code="too_old",
        )


def check_count(upload, typed_count):
    """Raise `RosterRefused` if the number of leavers must be typed and `typed_count` differs."""
    if needs_count(upload) and typed_count != upload.counts["left"]:
        raise RosterRefused(
            f"这份名册会让 {upload.counts['left']} 人离职。"
            "请核对名单，在输入框里填写这个人数后再生效。",
            code="count",
        )
