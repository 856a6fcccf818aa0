"""What may be done with an uploaded roster, and until when."""

from django.conf import settings

from apps.common.rules import rule_text
from apps.roster.refusals import RosterRefused


def needs_count(upload):
    """Whether so many would leave that the number has to be typed in."""
    left, employed = upload.counts.get("left", 0), upload.counts.get("employed", 0)
    return left * 100 > employed * settings.ROSTER_LEAVING_PERCENT


def check_ready(upload):
    """Raise `RosterRefused` unless the preview of `upload` waits for a yes."""
    if not upload.is_ready:
        raise RosterRefused(
            "这份名册已经生效、已放弃或还没有读完，请看最新的状态。", code="not_ready"
        )


def check_fresh(upload, *, at):
    """Raise `RosterRefused` when the preview of `upload` is so old that it may be deleted."""
    if at - upload.at >= settings.ROSTER_RETENTION:
        raise RosterRefused(
            f"这份预览已经超过 {rule_text('ROSTER_RETENTION', gap=' ')}，请重新上传名册。",
            code="too_old",
        )


def check_count(upload, typed_count):
    """Raise `RosterRefused` unless `typed_count` says how many leave, where that is asked for."""
    if needs_count(upload) and typed_count != upload.counts["left"]:
        raise RosterRefused(
            f"这份名册会让 {upload.counts['left']} 人离职。"
            "请核对名单，在输入框里填写这个人数后再生效。",
            code="count",
        )
