"""Deletes codes and face tries. The check itself stays as part of the record of the case."""

from django.conf import settings
from django.db.models import F

from apps.common.moments import began_before
from apps.events.enums import AS_WORKER
from apps.lifecycle.sweep import move_all
from apps.verification.enums import CheckAction
from apps.verification.models import Check, FaceTry, OneTimeCode


def forget_codes(*, at, limit):
    """Delete the codes that were sent settings.CODE_RETENTION ago, or earlier. Returns how many."""
    old = OneTimeCode.objects.filter(created_at__lte=at - settings.CODE_RETENTION)
    return _delete(OneTimeCode, old, limit)


def forget_face_tries(*, at, limit):
    """Delete the comparisons of settings.FACE_TRY_RETENTION ago, or earlier. Returns how many."""
    old = FaceTry.objects.filter(at__lt=began_before(at, settings.FACE_TRY_RETENTION))
    return _delete(FaceTry, old, limit)


def expire_checks(*, at, deadline):
    """Write down the checks that ended unused. Returns a `Sweep`."""
    return move_all(
        Check.objects.overdue(CheckAction.EXPIRE, at).order_by("expires_at"),
        CheckAction.EXPIRE,
        at=at,
        **AS_WORKER,
        due_at=F("expires_at"),
        deadline=deadline,
    )


def _delete(model, old, limit):
    oldest = old.order_by("pk").values("pk")[:limit]
    return model.objects.filter(pk__in=oldest).delete()[0]
