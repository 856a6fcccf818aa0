"""Until when an identity check can be tried, by whom, and what a face may prove in it."""

from django.conf import settings
from django.db.models import Max

from apps.events.models import Event
from apps.people.event_kinds import HOLDER, HolderAction
from apps.people.models import Holder
from apps.verification import providers
from apps.verification.enums import REVIEWED
from apps.verification.refusals import CheckRefused


def check_open(*, check, by, at):
    """Raise `CheckRefused` (not_yours, not_open) unless `by` can try to pass `check` now."""
    if check.by_id != by.pk:
        raise CheckRefused("这次核验不是您开始的。", code="not_yours")
    if not check.is_pending(at):
        raise CheckRefused("这次核验已过期或已使用，请回到办理页面重新开始。", code="not_open")


def new_phone_waits_until(*, check, at):
    """Until when no code to the registered phone passes `check`; None when one can.

    Whoever had HR change a phone must not finish at once, with that phone, what nobody reviews.
    """
    holder = check.by.holder
    if check.purpose in REVIEWED or not settings.NEW_PHONE_WAIT:
        return None
    changes = Event.objects.filter(
        holder_id__in=Holder.objects.records_of(holder),
        subject_kind=HOLDER.name,
        action=HolderAction.CHANGE_PHONE,
        at__gt=at - settings.NEW_PHONE_WAIT,
    )
    changed_at = changes.aggregate(latest=Max("at"))["latest"]
    return changed_at and changed_at + settings.NEW_PHONE_WAIT


def takes_a_face(check):
    """Whether a face may pass `check` at all.

    A picture of somebody can be held before the camera. So it passes where a reviewer decides
    afterwards, or where the provider proves that a living person is there.
    """
    return check.purpose in REVIEWED or providers.get().proves_liveness


def leaves_doubt_to_a_reviewer(check):
    """Whether somebody will look at the request of `check`, and so at an uncertain face."""
    return sees_a_reviewer(purpose=check.purpose, card_request_id=check.card_request_id)


def sees_a_reviewer(*, purpose, card_request_id):
    """Whether what a check for this purpose and request permits comes before a reviewer."""
    return purpose in REVIEWED and card_request_id is not None
