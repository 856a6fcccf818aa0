"""What somebody has proven in the present session a short while ago.

django-allauth writes into the session how somebody signed in and when. A password that is given in
an identity check is noted beside it.
"""

from datetime import timedelta

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings

# allauth's name of a second factor in its records, which say its key as `id`.
_FACTOR = "mfa"
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
    again = [record for record in _records(request) if record.get("reauthenticated")]
    given = [record for record in _records(request) if record.get("method") == "password"]
    if noted is not None and _is_recent(noted, at):
        return True
    return bool(_still_true(_recent([*given, *again], at)))


def note_password(request, *, at):
    """Remember that the right password was typed in at `at`."""
    request.session[_GIVEN_AT] = at.timestamp()


def second_factor_was_given(request, *, at):
    """Whether a second factor of the account was used within `settings.PROOF_COUNTS_FOR`."""
    used = [record for record in _records(request) if record.get("method") == _FACTOR]
    return bool(_still_true(_recent(used, at)))


def _records(request):
    return get_authentication_records(request, request.user)


def _still_true(records):
    """`records` without those of a second factor that was removed since, here or elsewhere."""
    factors = [record.get("id") for record in records if record.get("method") == _FACTOR]
    # Without one there is nothing to ask the database about.
    there = set(Authenticator.objects.in_bulk(factors)) if factors else set()
    return [
        record for record in records if record.get("method") != _FACTOR or record.get("id") in there
    ]


def _recent(records, at):
    return [record for record in records if _is_recent(record["at"], at)]


def _is_recent(moment, at):
    since = (at - settings.PROOF_COUNTS_FOR).timestamp()
    until = (at + timedelta(seconds=1)).timestamp()  # `at` was read before the session was written
    return since < moment <= until
