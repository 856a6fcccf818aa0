"""The invitations that a row of a roster makes, or makes anew. `invitations` sends them."""

from django.conf import settings

from apps.people.models import Holder
from apps.roster.enums import InvitationStatus
from apps.roster.models import Invitation


def invite(*, user, upload, at):
    """Invite `user`, who was added by `upload`, unless the user needs no password, or has one."""
    if not settings.LOCAL_SIGN_IN or user.has_usable_password():
        return
    if not restart(invitations=Invitation.objects.live().filter(user=user), upload=upload, at=at):
        Invitation.objects.create(user=user, upload=upload, created_at=at, next_try_at=at)


def follow_phone(*, user, upload, at):
    """Send the link to the new phone of `user`, if it went to another one and was not used yet."""
    live = Invitation.objects.live().filter(user=user).exclude(status=InvitationStatus.WAITING)
    number = Holder.objects.get(user=user).phone_index or ""
    restart(invitations=live.exclude(phone_index=number), upload=upload, at=at)


def restart(*, invitations, at, **fields):
    """Let `invitations`, a queryset, be sent anew from `at` on. Returns how many.

    The links that went out before are invalid. `fields` are written beside.
    """
    return invitations.update(
        status=InvitationStatus.WAITING,
        next_try_at=at,
        sent_at=None,
        expires_at=None,
        token_hash=None,
        phone_index="",
        tries=0,
        wrong_answers=0,
        last_error="",
        **fields,
    )
