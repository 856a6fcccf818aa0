"""Alarms: begun when two looks in a row are bad, told once, and once more when it is over."""

import logging
from datetime import timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.db.models import Value
from django.db.models.functions import Greatest

from apps.common import leases
from apps.common.http_calls import CallFailed, call
from apps.operations.enums import State
from apps.operations.models import ALARM_LEASE, Alarm, LastFound

logger = logging.getLogger(__name__)

PATIENCE = 5.0  # seconds for the webhook
# An alarm begins, and ends, when a second look so long after the first one finds the same.
LOOKS_APART = timedelta(seconds=20)


def settle(*, examined, at):
    """Begin an alarm for each bad one of `examined`, and end those whose check is not bad.

    Each needs two looks in a row that say so, `LOOKS_APART` or more apart; it then began, or
    ended, with the first of them. Where a check has no result yet, nothing changes. Idempotent: a
    check has at most one open alarm, which the database guards.
    """
    looks = {each.check.key: each.result for each in examined if each.result.state != State.NEW}
    since = _since(looks, at)
    confirmed = {key for key in looks if at - since[key] >= LOOKS_APART}
    bad = {key for key in confirmed if looks[key].state == State.BAD}
    for key in bad - _alarmed():
        try:
            with transaction.atomic():
                Alarm.objects.create(check_key=key, says=looks[key].says[:300], began_at=since[key])
        except IntegrityError:
            continue  # another process was first
    for key in _alarmed() & (confirmed - bad):
        Alarm.objects.open().filter(check_key=key).update(
            ended_at=Greatest("began_at", Value(since[key]))
        )


def _since(looks, at):
    """{key: since when the check has found what it finds in `looks`}; written down.

    A look of a later moment was before the clock was set back, and counts from now.
    """
    kept = {row.check_key: row for row in LastFound.objects.filter(check_key__in=looks)}
    since = {}
    for key, result in looks.items():
        is_bad = result.state == State.BAD
        row = kept.get(key)
        is_ahead = row is not None and row.since_at > at + leases.CLOCKS_DIFFER_BY
        if row is not None and row.is_bad == is_bad and not is_ahead:
            since[key] = row.since_at
            continue
        since[key] = at
        if row is not None:
            LastFound.objects.filter(pk=row.pk).update(is_bad=is_bad, since_at=at)
        else:
            LastFound.objects.bulk_create(
                [LastFound(check_key=key, is_bad=is_bad, since_at=at)], ignore_conflicts=True
            )
    return since


def _alarmed():
    return set(Alarm.objects.open().values_list("check_key", flat=True))


def unconfirmed(examined):
    """The keys of those of `examined` that are bad without an alarm: a second look decides."""
    return {each.check.key for each in examined if each.result.state == State.BAD} - _alarmed()


def waits_for_a_second_look():
    """Whether the last look at some check differed from its alarm, or from having none."""
    bad = set(LastFound.objects.filter(is_bad=True).values_list("check_key", flat=True))
    known = set(LastFound.objects.values_list("check_key", flat=True))
    return bad != _alarmed() & known


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
