"""Telling of alarms, by e-mail and webhook: once through each, and once more when it is over.

The two know nothing of each other. One that fails is tried again until it has taken what the other
has told long ago, and neither is told twice because the other fails.
"""

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.mail import send_mail

from apps.common import leases
from apps.common.http_calls import CallFailed, call
from apps.operations.models import ALARM_LEASE, Alarm

logger = logging.getLogger(__name__)

PATIENCE = 5.0  # seconds for the webhook


def tell(*, title_of, at):
    """Tell of what began and what is over. Returns of how many alarms somebody was told.

    `title_of` names the check of a key. Where an alarm could not be told, it is tried again at a
    later run. Of several processes that call this at once, one tells of an alarm.
    """
    told = 0
    for alarm in Alarm.objects.to_tell(at):
        if not leases.take(alarm, until=at + ALARM_LEASE, among=Alarm.objects.to_tell(at)):
            continue
        before = (alarm.told_through, alarm.end_told_through)
        error = _tell(alarm, title_of(alarm.check_key))
        after = (alarm.told_through, alarm.end_told_through)
        changes = {
            "told_through": after[0],
            "end_told_through": after[1],
            "last_error": error[:200],
        }
        if alarm.told_at is None and _is_everywhere(alarm.told_through):
            alarm.told_at = changes["told_at"] = at
        if alarm.ended_at and alarm.told_at and _is_everywhere(alarm.end_told_through):
            changes["end_told_at"] = at
        if not error:  # or it waits for the end of the lease
            changes["leased_until"] = None
        leases.held(alarm).update(**changes)
        told += before != after
    return told


def _tell(alarm, title):
    """Tell through every channel what it was not told yet. Returns why one could not, or ""."""
    error = ""
    for channel in _configured():
        try:
            if alarm.told_at is None and channel not in alarm.told_through:
                _CHANNELS[channel](*_words(alarm, title, is_over=False))
                alarm.told_through += channel
            if alarm.ended_at and channel not in alarm.end_told_through:
                _CHANNELS[channel](*_words(alarm, title, is_over=True))
                alarm.end_told_through += channel
        except (OSError, ValueError, CallFailed) as failure:
            error = type(failure).__name__
            logger.warning("%s not told: %s", alarm, error)
    return error


def _is_everywhere(channels):
    return set(_configured()) <= set(channels)


def _configured():
    is_set = {"m": settings.ALARM_EMAILS, "w": settings.ALARM_WEBHOOK_URL}
    return [channel for channel, value in is_set.items() if value]


def _words(alarm, title, *, is_over):
    word = "恢复" if is_over else "告警"
    subject = f"[社保卡门户] {word}：{title}"
    lines = [
        f"{title}已恢复正常。" if is_over else alarm.says,
        f"开始：{alarm.began_at.isoformat(timespec='seconds')}",
    ]
    if is_over:
        lines.append(f"恢复：{alarm.ended_at.isoformat(timespec='seconds')}")
    lines.append(f"{settings.PORTAL_URL}/admin/ 的「运行状况」写着怎么办。")
    return subject, "\n".join(lines)


def _mail(subject, text):
    send_mail(subject, text, None, settings.ALARM_EMAILS)


def _post(subject, text):
    """In the shape that group robots of WeCom take; others find the same text in it.

    A robot answers 200 also when it has told nobody, with an errcode that is not 0.
    """
    content = {"msgtype": "text", "text": {"content": f"{subject}\n{text}"}}
    answer = call("POST", settings.ALARM_WEBHOOK_URL, seconds=PATIENCE, json=content)
    try:
        found = answer.json()
    except ValueError:
        return  # no robot
    if isinstance(found, dict) and found.get("errcode"):
        raise CallFailed(f"errcode {found['errcode']}")


# Under the letters by which an alarm keeps through which it was told.
_CHANNELS: dict[str, Callable[[str, str], None]] = {"m": _mail, "w": _post}
