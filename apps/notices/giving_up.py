"""What an operator does with a message that was given up. Each writes its event."""

from django.db import transaction

from apps.common.refusals import Refused, check_reason
from apps.events import services as events
from apps.events.enums import Channel, Role
from apps.notices.enums import NoticeStatus
from apps.notices.event_kinds import NOTICE, NoticeAction
from apps.notices.models import Notice


@transaction.atomic
def retry(*, notice, by, at):
    """Have `notice` sent again, as if for the first time. Raises `Refused` unless given up."""
    _change(
        notice, status=NoticeStatus.WAITING, next_try_at=at, tries=0, last_error="", sent_at=None
    )
    _record(notice, NoticeAction.RETRY, by=by, at=at)


@transaction.atomic
def set_aside(*, notice, reason, by, at):
    """Leave `notice` unsent for good, for a `reason`. Raises `Refused` unless given up."""
    check_reason(reason, "请写明为什么不再发送。")
    _change(notice, is_set_aside=True)
    _record(notice, NoticeAction.SET_ASIDE, by=by, at=at, reason=reason)


def _change(notice, **columns):
    if not Notice.objects.given_up().filter(pk=notice.pk).update(**columns):
        raise Refused("这条消息已经处理过了。", code="not_given_up")


def _record(notice, action, *, by, at, reason=""):
    events.record(
        kind=NOTICE,
        action=action,
        by=by,
        role=Role.STAFF,
        at=at,
        channel=Channel.ADMIN,
        subject_id=notice.pk,
        reason=reason,
    )
