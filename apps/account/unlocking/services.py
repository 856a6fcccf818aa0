"""Lets the owner of a locked account try passwords again, with the second factor."""

from allauth.mfa.models import Authenticator

from apps.account.unlocking import passkeys
from apps.people.event_kinds import AccountAction
from apps.sign_in.backend import find_user
from apps.sign_in.recording import record, record_visitor

_TYPED = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)


def prove(*, login, code):
    """The account with this number or phone if `code` is of its second factor, used up; else None.

    allauth compares an authenticator's code with the present time.
    """
    account = find_user(login)
    if account is not None and account.is_active:
        for authenticator in Authenticator.objects.filter(user=account, type__in=_TYPED):
            if authenticator.wrap().validate_code(code):
                record(AccountAction.UNLOCK, account, by=None)
                return account
    record_visitor(AccountAction.FACTOR_FAILED, login)
    return None


def prove_by_passkey(*, login, credential):
    """As `prove`, with what the browser answered to `passkeys.question`."""
    account = passkeys.answered(login, credential)
    if account is None:
        record_visitor(AccountAction.FACTOR_FAILED, login)
    else:
        record(AccountAction.UNLOCK, account, by=None)
    return account
