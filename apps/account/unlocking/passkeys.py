"""The passkeys of a locked account: what the browser is asked for, and who answers.

Nobody has signed in, so the question must not tell whether there is such an account or whether it
has a passkey. Where there is none the browser is asked for one that does not exist, always the same
for the same words (WebAuthn §14.6.2).
"""

import hashlib
import hmac

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.conf import settings
from django.core.exceptions import ValidationError
from fido2.webauthn import (
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialType,
    UserVerificationRequirement,
)

from apps.sign_in.backend import find_user


def question(login):
    """What the browser is asked for, of the account with this number or phone.

    It is good once, for the session of the request.
    """
    account = find_user(login)
    known = auth.get_credentials(account) if account is not None and account.is_active else []
    options, state = auth.get_server().authenticate_begin(
        credentials=known or [_decoy(login)],
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    auth.set_state(state)
    return dict(options)


def answered(login, credential):
    """The account with this number or phone, if `credential` answers the question; else None."""
    account = find_user(login)
    if account is None or not account.is_active:
        auth.clear_state()
        return None
    try:
        auth.parse_authentication_response(credential)
        authenticator = auth.complete_authentication(account, credential)
    except (ValidationError, KeyError, TypeError, AttributeError):
        return None
    finally:
        auth.clear_state()
    authenticator.record_usage()
    return account if authenticator.type == Authenticator.Type.WEBAUTHN else None


def _decoy(login):
    name = hmac.new(settings.SECRET_KEY.encode(), f"passkey of {login}".encode(), hashlib.sha256)
    return PublicKeyCredentialDescriptor(type=PublicKeyCredentialType.PUBLIC_KEY, id=name.digest())
