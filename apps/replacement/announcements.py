"""What is told of a decision on a formal loss, to whoever declared it."""

from django.utils import timezone

from apps.cards.permissions import NotYours, role_of
from apps.common import masks
from apps.common.rules import rule_text
from apps.notices.enums import NoticeChannel
from apps.notices.services import announce

BY_ALL_MEANS = [NoticeChannel.PORTAL, NoticeChannel.SMS]


def confirmed(loss, event, *, at):
    _announce(
        loss,
        event,
        f"社保卡已确认正式挂失，不能再使用。年满{rule_text('REPLACEMENT_FROM_AGE')}的"
        "可以登录社保卡自助办理申请补换；"
        "银行账户没有冻结，请另外致电发卡银行。",
        at=at,
    )


def withdrawn(loss, event, *, at):
    _announce(loss, event, "社保卡正式挂失已撤销，卡恢复正常，可以使用。", at=at)


def refused(loss, event, *, at):
    _announce(
        loss,
        event,
        "社保卡正式挂失没有确认，卡的状态不变。原因请登录社保卡自助办理，在社会保障卡补换中查看。",
        at=at,
    )


def _announce(loss, event, text, *, at):
    recipient = _recipient(loss, at)
    if recipient is not None:
        holder = loss.card.holder
        is_own = holder.user_id == recipient.pk
        whose = "您的" if is_own else f"您子女{masks.name(holder.name)}的"
        announce(event=event, recipient=recipient, text=whose + text, channels=BY_ALL_MEANS, at=at)


def _recipient(loss, at):
    """Who declared the loss, or the holder when that was a guardian whose part has ended."""
    holder = loss.card.holder
    try:
        role_of(loss.declared_by, holder, on=timezone.localdate(at))
    except NotYours:
        return holder.user
    return loss.declared_by
