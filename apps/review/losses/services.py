"""A reviewer's decision on a formal loss.

As with requests, a decision names what the reviewer saw: the moment since which the card was in its
status. Both rows are locked before they are compared, so that no reviewer unknowingly stops a card
that was found, or decides a second time.
"""

from django.db import transaction

from apps.cards.enums import CardAction
from apps.cards.models import Card
from apps.common.refusals import Refused
from apps.common.templatetags.formats import moment
from apps.desk.claims import services as claims
from apps.desk.colleagues import named
from apps.events.enums import Role
from apps.lifecycle import engine
from apps.replacement import services as replacement
from apps.replacement.enums import FormalLossAction
from apps.replacement.models import FormalLoss


@transaction.atomic
def confirm(*, loss, seen_since, by, at):
    """Stop the card. Raises as `replacement.services.confirm`, and if others came first."""
    row = _as_seen(loss, FormalLossAction.CONFIRM, seen_since, at=at)
    claims.finish(subject=row, by=by, at=at)
    replacement.confirm(loss=row, by=by, at=at)


@transaction.atomic
def refuse(*, loss, reason, seen_since, by, at):
    """Leave the card as it is. Raises as `confirm`."""
    row = _as_seen(loss, FormalLossAction.REFUSE, seen_since, at=at)
    claims.finish(subject=row, by=by, at=at)
    replacement.refuse(loss=row, reason=reason, by=by, at=at)


@transaction.atomic
def withdraw(*, loss, reason, seen_since, by, at):
    """Make the card usable again. Raises as `confirm`."""
    row = _as_seen(loss, FormalLossAction.WITHDRAW, seen_since, at=at)
    claims.finish(subject=row, by=by, at=at)
    replacement.withdraw(loss=row, reason=reason, by=by, at=at)


def _as_seen(loss, action, seen_since, *, at):
    row = FormalLoss.held(loss.pk)
    row.card = Card.held(row.card_id)
    if not engine.is_allowed(row, action, role=Role.REVIEWER, at=at):
        last = row.events.select_related("by__holder").last()
        raise Refused(
            f"{named(last.by)}已于 {moment(last.at)} 办理了这件正式挂失，"
            f"现在是「{row.get_status_display()}」。您的决定没有提交，请查看最新状态。",
            code="decided",
        )
    if row.card.status_since != seen_since:
        event = row.card.events.last()
        raise Refused(
            f"您打开页面之后，这张社保卡在 {moment(event.at)} 有了变化："
            f"「{CardAction(event.action).label}」。请重新查看下面的内容，再作决定。",
            code="changed",
        )
    return row
