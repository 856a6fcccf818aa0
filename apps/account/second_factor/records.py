"""Events of what allauth does to second factors; it tells by signals only."""

from allauth.core import context
from allauth.mfa.models import Authenticator

from apps.account.second_factor import gate, sessions
from apps.people.event_kinds import AccountAction
from apps.sign_in.recording import record

_NAMES = {
    Authenticator.Type.TOTP: "验证器",
    Authenticator.Type.WEBAUTHN: "通行密钥",
    Authenticator.Type.RECOVERY_CODES: "恢复码",
}


def note_saved(sender, instance, created, **kwargs):
    """In the transaction that adds it: allauth's own signal comes after that."""
    if created:
        is_codes = instance.type == Authenticator.Type.RECOVERY_CODES
        _note_change(AccountAction.RENEW_CODES if is_codes else AccountAction.ADD_FACTOR, instance)


def note_deleted(sender, instance, **kwargs):
    if instance.type in gate.FACTORS:
        _note_change(AccountAction.REMOVE_FACTOR, instance)
    sessions.forget(instance)


def note_used(sender, user, authenticator, **kwargs):
    _note(AccountAction.USE_FACTOR, authenticator, user, by=user)


def note_failed(sender, user, authenticator, **kwargs):
    _note(AccountAction.FACTOR_FAILED, authenticator, user, by=None)


def _note_change(action, authenticator):
    request = context.request
    user = authenticator.user
    who = request.user if request and request.user.is_authenticated else None
    _note(action, authenticator, user, by=who)
    if who == user and user.is_staff:
        gate.remember(request, user)


def _note(action, authenticator, user, *, by):
    record(action, user, by=by, facts={"factor": _NAMES[Authenticator.Type(authenticator.type)]})
