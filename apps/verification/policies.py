"""Until when an identity check can be tried, and by whom."""

from apps.verification.refusals import CheckRefused


def check_open(*, check, by, at):
    """Raise `CheckRefused` (not_yours, not_open) unless `by` can try to pass `check` now."""
    if check.by_id != by.pk:
        raise CheckRefused("这次核验不是您开始的。", code="not_yours")
    if not check.is_pending(at):
        raise CheckRefused("这次核验已过期或已使用，请回到办理页面重新开始。", code="not_open")
