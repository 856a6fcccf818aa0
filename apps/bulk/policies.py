"""Who may start, discard and recall a bulk run, and until when."""

from django.conf import settings

from apps.bulk.enums import BulkOutcome
from apps.common.refusals import Refused
from apps.common.rules import rule_text


def check_own(run, *, by):
    """Raise `Refused` unless `by` made the dry run."""
    if run.by_id != by.pk:
        raise Refused("只有预检的人可以开始这一批。您可以自己预检一批。", code="not_yours")


def check_fresh(run, *, at):
    """Raise `Refused` when the dry run is too old to be started."""
    if at - run.prepared_at >= settings.BULK_PREVIEW_LIFETIME:
        raise Refused(
            f"预检已过{rule_text('BULK_PREVIEW_LIFETIME')}，情况可能有变，请重新预检。",
            code="expired",
        )


def check_has_rows(counts):
    """Raise `Refused` when the dry run left no row to decide; `counts` are those of its rows."""
    if not counts.get(BulkOutcome.WAITING):
        raise Refused("这一批没有可以办理的申请。", code="nothing_to_do")


def check_recallable(until, *, at):
    """Raise `Refused` once the moment `until` has passed, or if it is None."""
    if until is None or at >= until:
        raise Refused("这一批里没有还能撤回的决定。", code="too_late")
