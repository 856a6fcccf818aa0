"""The token of the forms of a page: Django's, made with one question to the system.

Django asks the system for each of 32 characters anew, for a new visitor of 64. That was a tenth of
the sign-in page.
"""

import os

from django.middleware.csrf import CSRF_ALLOWED_CHARS, CSRF_SECRET_LENGTH
from django.utils.functional import SimpleLazyObject

_COUNT = len(CSRF_ALLOWED_CHARS)
# Random bytes from here on are left out: with them some characters would be more frequent.
_FAIR = 256 - 256 % _COUNT
_UNFAIR = bytes(range(_FAIR, 256))
_CHARACTERS = bytes(ord(CSRF_ALLOWED_CHARS[byte % _COUNT]) for byte in range(256))
_PLACES = {character: place for place, character in enumerate(CSRF_ALLOWED_CHARS)}
_TWICE = CSRF_ALLOWED_CHARS * 2


def csrf(request):
    """`csrf_token` on every page, in the place of Django's; made when a page asks for it."""
    return {"csrf_token": SimpleLazyObject(lambda: get_token(request))}


def get_token(request):
    """As Django's `get_token`. Django's middleware sets the cookie and reads the token."""
    secret = request.META.get("CSRF_COOKIE") or _random_characters()
    request.META.update(CSRF_COOKIE=secret, CSRF_COOKIE_NEEDS_UPDATE=True)
    mask = _random_characters()
    places = zip(secret, mask, strict=True)
    return mask + "".join([_TWICE[_PLACES[one] + _PLACES[other]] for one, other in places])


def _random_characters():
    """As many as a secret has, each of `CSRF_ALLOWED_CHARS` as likely as the others."""
    drawn = b""
    while len(drawn) < CSRF_SECRET_LENGTH:
        drawn += os.urandom(2 * CSRF_SECRET_LENGTH).translate(_CHARACTERS, _UNFAIR)
    return drawn[:CSRF_SECRET_LENGTH].decode()
