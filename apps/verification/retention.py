"""What is deleted of an identity check. The check stays: it is part of the record of the case."""

from django.conf import settings

from apps.verification.models import FaceTry, OneTimeCode


def forget_codes(*, at, limit):
    """Delete the codes that were sent settings.CODE_RETENTION ago, or earlier. Returns how many."""
    old = OneTimeCode.objects.filter(created_at__lte=at - settings.CODE_RETENTION)
    return _delete(OneTimeCode, old, limit)


def forget_face_tries(*, at, limit):
    """Delete the comparisons of settings.FACE_TRY_RETENTION ago, or earlier. Returns how many."""
    old = FaceTry.objects.filter(at__lte=at - settings.FACE_TRY_RETENTION)
    return _delete(FaceTry, old, limit)


def _delete(model, old, limit):
    oldest = old.order_by("pk").values("pk")[:limit]
    return model.objects.filter(pk__in=oldest).delete()[0]
