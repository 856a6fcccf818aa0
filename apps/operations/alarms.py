"""Alarms: begun when a check is bad, told once, and told once more when it is over."""

import logging

from django.conf import settings
from django.core.mail import send_mail
from django.db import IntegrityError, transaction

from apps.common import leases
from apps.common.http_calls import CallFailed, call
from apps.operations.enums import State
from apps.operations.models import ALARM_LEASE, Alarm

logger = logging.getLogger(__name__)

PATIENCE = 5.0  # seconds for the webhook


def settle(*, examined, at):
    """Begin an alarm for each bad one of `examined`, and end those whose check is not bad.

    Idempotent: a check has at most one open alarm, which the database guards.
    """
    found = {each.check.key: each.result for each in examined}
    bad = {key: result.says for key, result in found.items() if result.state == State.BAD}
    open_ = set(Alarm.objects.open().values_list("check_key", flat=True))
    for key in bad.keys() - open_:
        try:
            with transaction.atomic():
                Alarm.objects.create(check_key=key, says=bad[key][:300], began_at=at)
        except IntegrityError:
            continue  # another process was first
    over = Alarm.objects.open().filter(check_key__in=found).exclude(check_key__in=bad)
    over.update(ended_at=at)


def tell(*, title_of, at):
    """Tell by e-mail and webhook of what began and what is over. Returns how many were told.

    `title_of` names the check of a key. One that cannot be told is tried again at the next run. Of
    several processes that call this at once, one tells of an alarm.
    """
    told = 0
    for alarm in Alarm.objects.to_tell(at):
        if not leases.take(alarm, until=at + ALARM_LEASE, among=Alarm.objects.to_tell(at)):
            continue
        is_over = alarm.told_at is not None
        column = "end_told_at" if is_over else "told_at"
        try:
            _send(alarm, title_of(alarm.check_key), is_over=is_over)
        except (OSError, CallFailed) as error:
            logger.warning("%s not told: %s", alarm, type(error).__name__)
            leases.held(alarm).update(last_error=type(error).__name__[:200])
            continue
        told += leases.held(alarm).update(**{column: at, "leased_until": None, "last_error": ""})
    return told


def _send(alarm, title, *, is_over):
    word = "恢复" if is_over else "告警"
    subject = f"[社保卡门户] {word}：{title}"
    lines = [
        f"{title}已恢复正常。" if is_over else alarm.says,
        f"开始：{alarm.began_at.isoformat(timespec='seconds')}",
    ]
    if is_over:
        lines.append(f"恢复：{alarm.ended_at.isoformat(timespec='seconds')}")
    lines.append(f"{settings.PORTAL_URL}/admin/ 的「运行状况」写着怎么办。")
    text = "\n".join(lines)
    if settings.ALARM_EMAILS:
        send_mail(subject, text, None, settings.ALARM_EMAILS)
    if settings.ALARM_WEBHOOK_URL:
        # The shape that group robots of WeCom take; others find the same text in it.
        content = {"msgtype": "text", "text": {"content": f"{subject}\n{text}"}}
        call("POST", settings.ALARM_WEBHOOK_URL, seconds=PATIENCE, json=content)
