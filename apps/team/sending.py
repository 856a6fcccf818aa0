"""Sends the mail of the morning: on working days, once to each reviewer, and not when it is empty.

Rows are the queue. `plan` makes one for each reviewer and day, which the database keeps unique, and
`send_due` hands each to the mail server once. The mail has numbers and addresses only.
"""

import logging
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import Permission
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils import timezone

from apps.common import leases, working_days
from apps.common.messaging import SendFailed
from apps.common.moments import day_of
from apps.desk import roles
from apps.desk.models import Absence
from apps.notices.channels import mail
from apps.people.models import User
from apps.team import overdue
from apps.team.models import FIRST_PAUSE, LONGEST_PAUSE, MOST_TRIES, Digest

logger = logging.getLogger(__name__)


def is_time(at):
    """Whether the mails of the day go out at the moment `at`: on the morning of a working day.

    A worker that starts later sends them until noon; after it the day is half over.
    """
    begins = settings.DIGEST_HOUR
    return begins <= timezone.localtime(at).hour < max(begins + 1, 12) and _is_working(day_of(at))


def _is_working(day):
    return working_days.count_working_days(day - timedelta(days=1), day) == 1


def plan(*, at):
    """Make the rows of today for everybody who decides. Idempotent. Returns how many are new."""
    if not settings.MAIL_ADDRESS or not is_time(at):
        return 0
    today = day_of(at)
    rows = [Digest(user=user, day=today, next_try_at=at) for user in _readers(today)]
    return len(Digest.objects.bulk_create(rows, ignore_conflicts=True))


def _readers(today):
    """The accounts that decide on cases, and have no mail of `today` yet."""
    room, codename = roles.DECIDE.split(".")
    granting = Permission.objects.filter(content_type__app_label=room, codename=codename)
    able = User.objects.filter(is_active=True, is_staff=True).filter(
        Q(groups__permissions__in=granting) | Q(user_permissions__in=granting)
    )
    away = Absence.objects.on(today).values("user")
    return able.exclude(digests__day=today).exclude(pk__in=away).distinct().order_by("pk")


@working_days.read_once()
def send_due(*, at, limit):
    """Send up to `limit` mails of today. Returns how many left.

    A mail that the server did not take is tried again with growing pauses, `MOST_TRIES` times.
    """
    due = Digest.objects.due(at, day=day_of(at)).select_related("user")[:limit]
    return sum(_send(digest, at) for digest in due)


def _send(digest, at):
    user = digest.user
    lines = overdue.lines_for(user, at=at) if user.is_active and user.has_perm(roles.DECIDE) else []
    if not lines:
        leases.held(digest, "next_try_at").update(next_try_at=None)
        return False
    mine = leases.held(digest, "next_try_at")
    if not mine.update(next_try_at=None, handed_at=at, tries=F("tries") + 1):
        return False
    try:
        mail(user, _text(lines, at), subject="社保卡自助办理：今天要办的")
    except SendFailed as error:
        logger.warning("%s not sent: %s", digest, error)
        _try_again(digest, str(error), at)
        return False
    return True


def _try_again(digest, error, at):
    tries = digest.tries + 1
    pause = leases.growing_pause(tries, first=FIRST_PAUSE, longest=LONGEST_PAUSE)
    Digest.objects.filter(pk=digest.pk).update(
        handed_at=None,
        last_error=error[:200],
        next_try_at=at + pause if tries < MOST_TRIES else None,
    )


def _text(lines, at):
    context = {"lines": lines, "today": day_of(at), "desk": overdue.desk_address()}
    return render_to_string("team/digest.txt", context).strip()


def forget(*, at, limit):
    """Delete up to `limit` rows of days long ago. Returns how many."""
    old = Digest.objects.filter(day__lt=day_of(at - settings.DIGEST_RETENTION))
    pks = list(old.order_by("pk").values_list("pk", flat=True)[:limit])
    Digest.objects.filter(pk__in=pks).delete()
    return len(pks)
