"""What somebody has proven in the present session a short while ago.

django-allauth writes into the session how somebody signed in and when. A password that is given in
an identity check is noted beside it.
"""

from datetime import timedelta

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings

_GIVEN_AT = "identity_check_password_at"


def has_proven(request, *, at):
    """Whether it was proven a moment ago who is there, if the account has anything to prove by."""
    if not (request.user.has_usable_password() or is_mfa_enabled(request.user)):
        return True
    return password_was_given(request, at=at) or second_factor_was_given(request, at=at)


def password_was_given(request, *, at):
    """Whether the password of the account was typed in within `settings.PROOF_COUNTS_FOR`.

    That of the university counts too, where it was asked for once more.
    """
    noted = request.session.get(_GIVEN_AT)
    records = get_authentication_records(request, request.user)
    again = [record["at"] for record in records if record.get("reauthenticated")]
    moments = [*_moments(request, "password"), *again, *([noted] if noted else [])]
    return _is_recent(moments, at)


def note_password(request, *, at):
    """Remember that the right password was typed in at `at`."""
    request.session[_GIVEN_AT] = at.timestamp()


def second_factor_was_given(request, *, at):
    """Whether a second factor of the account was used within `settings.PROOF_COUNTS_FOR`."""
    return _is_recent(_moments(request, "mfa"), at)


def _moments(request, method):
    """When `method` was used, in seconds since 1970."""
    records = get_authentication_records(request, request.user)
    return [record["at"] for record in records if record.get("method") == method]


def _is_recent(moments, at):
    since = (at - settings.PROOF_COUNTS_FOR).timestamp()
    until = (at + timedelta(seconds=1)).timestamp()  # `at` was read before the session was written
    return any(since < moment <= until for moment in moments)
