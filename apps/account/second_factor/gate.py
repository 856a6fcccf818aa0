"""Who must have a second factor, and from when on the desk is closed without one.

It is judged at sign-in, and kept in the session: a page of the desk costs no query.
"""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Min

from apps.events.models import Event
from apps.people.event_kinds import ACCOUNT, AccountAction
from apps.single_sign_on.recent import used_second_factor

# In the session: from which moment on (ISO) the desk is closed; "" when a factor was given.
_CLOSED_FROM = "desk_closed_from"
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def note_sign_in(sender, request, user, **kwargs):
    """A signal's receiver: `user` has signed in, where allauth has asked for a factor."""
    if settings.SECOND_FACTOR_FOR_STAFF and user.is_staff and request is not None:
        remember(request, user)


def remember(request, user):
    """Write into the session from when on the desk is closed to `user`."""
    has_one = used_second_factor(request, user) or _factors_of(user).exists()
    request.session[_CLOSED_FROM] = "" if has_one else _closed_from(user)


def judge_anew(session):
    """Let the next page of the desk ask again whether the account has a factor."""
    session.pop(_CLOSED_FROM, None)


def is_closed(request, *, at):
    """Whether the desk is closed at `at` to the user of `request`, who has no second factor."""
    if not settings.SECOND_FACTOR_FOR_STAFF:
        return False
    if _CLOSED_FROM not in request.session:  # began before the account came to the desk
        remember(request, request.user)
    closed_from = request.session[_CLOSED_FROM]
    return bool(closed_from) and at >= datetime.fromisoformat(closed_from)


def is_last_of_staff(authenticator):
    """Whether it is the only factor of an account that must have one."""
    user = authenticator.user
    if not (settings.SECOND_FACTOR_FOR_STAFF and user.is_staff):
        return False
    return authenticator.type in FACTORS and _factors_of(user).count() == 1


def _factors_of(user):
    return Authenticator.objects.filter(user=user, type__in=FACTORS)


def _closed_from(user):
    """The first sign-in is let in, so that a factor can be added; some time after it none is."""
    signed_in = Event.objects.of_kind(ACCOUNT).filter(
        action=AccountAction.SIGN_IN, subject_id=user.pk
    )
    first = signed_in.aggregate(first=Min("at"))["first"] or user.last_login
    return (first + settings.SECOND_FACTOR_GRACE).isoformat()
