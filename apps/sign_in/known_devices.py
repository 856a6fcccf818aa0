"""Browsers in which an account was signed in before, so that a lock-out does not reach them.

A stranger who keeps typing wrong passwords keeps strangers out, not the owner: tries from a known
browser are counted by themselves. Each has a nonce in a signed cookie ("device cookies", OWASP).
"""

from datetime import timedelta

from django.core import signing
from django.utils.crypto import get_random_string

from apps.common import cookies

COOKIE = "known_device"
_SALT = "people.known_device"
_MOST_ACCOUNTS = 4
_AGE = timedelta(days=180)


def nonce_of(request, account):
    """The nonce of this browser for `account`; "" where it was never signed in here."""
    return _nonces(request).get(str(account.pk), "")


def remember(request, response, account):
    """Let `response` tell the browser that `account` was signed in here."""
    nonces = _nonces(request)
    nonce = nonces.pop(str(account.pk), "") or get_random_string(16)
    newest = [*nonces.items(), (str(account.pk), nonce)][-_MOST_ACCOUNTS:]
    cookies.keep(response, COOKIE, signing.dumps(dict(newest), salt=_SALT), max_age=_AGE)


def _nonces(request):
    try:
        return signing.loads(cookies.read(request, COOKIE), salt=_SALT, max_age=_AGE)
    except signing.BadSignature:
        return {}
