"""People whose card lies at the unit are reminded; what nobody came for is due to go back."""

from django.conf import settings
from django.db.models import F, Q

from apps.events.enums import AS_WORKER, Channel, Role
from apps.handout.enums import BoxCardAction
from apps.handout.models import BoxCard
from apps.lifecycle.sweep import move_all


def remind_due(*, at, deadline):
    """Remind the day before, and later week by week. Returns how many."""
    due = BoxCard.objects.waiting(at).filter(next_reminder_at__lte=at)
    return _remind(due, at=at, deadline=deadline, **AS_WORKER)


def remind_now(*, rows, by, at):
    """Remind the holders of `rows`, a queryset, but nobody told lately. Returns how many."""
    lately = at - settings.HAND_OUT_REMINDER_GAP
    free = rows.filter(Q(reminded_at=None) | Q(reminded_at__lte=lately))
    who = {"by": by, "role": Role.STAFF, "channel": Channel.ADMIN}
    return _remind(free, at=at, deadline=None, **who)


def _remind(rows, *, at, deadline, **who):
    return move_all(
        rows,
        BoxCardAction.REMIND,
        at=at,
        reminded_at=at,
        next_reminder_at=at + settings.HAND_OUT_REMINDER,
        deadline=deadline,
        **who,
    ).done


def end_keeping(*, at, deadline):
    """Write down which cards were kept long enough."""
    over = BoxCard.objects.kept_too_long(at)
    return move_all(
        over,
        BoxCardAction.END_KEEPING,
        at=at,
        due_at=F("kept_until"),
        deadline=deadline,
        **AS_WORKER,
    ).done
