"""The word of the university's server that somebody has signed out there.

OpenID Connect Back-Channel Logout 1.0: the server posts a signed logout token that names a session
(`sid`) or a person (`sub`). A session remembers digests of both (`tickets`), so that the token
finds it without the names being kept.
"""

import hashlib
import time

import jwt
import requests
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.core.cache import cache

from apps.single_sign_on.identity import ticket_of
from apps.single_sign_on.oidc_protocol import MALFORMED, UniversityAdapter, verified

EVENT = "http://schemas.openid.net/event/backchannel-logout"
TYPES = {None, "JWT", "LOGOUT+JWT"}
# A token is accepted for so long after it was issued, and known by its `jti` a little longer.
FRESH_SECONDS = 300
_CLOCKS_DIFFER_BY = 30


class NotALogout(Exception):
    """The token is not one of the server, not for us, too old, or was used before."""


def tickets(claims):
    """The digests by which a session that began with the id_token `claims` is found again."""
    return [
        ticket_of(f"oidc:{name}", claims["iss"], str(claims[name]))
        for name in ("sid", "sub")
        if name in claims
    ]


def ended(request, token):
    """The ticket of the sessions that end by `token`. Accepts each token once.

    Raises `NotALogout`, and requests.RequestException while the server does not answer.
    """
    try:
        _check_form(token)  # costs no call to the server
        adapter = UniversityAdapter(request)
        app = adapter.get_provider().app
        claims = verified(
            request,
            token,
            adapter.openid_config,
            app.client_id,
            require=["iss", "aud", "iat", "exp", "jti", "events"],
        )
        _check(claims)
        return tickets(claims)[0]
    except requests.RequestException:
        raise
    except (OAuth2Error, jwt.PyJWTError, *MALFORMED):
        raise NotALogout from None


def _check_form(token):
    header = jwt.get_unverified_header(token)
    kind = header.get("typ")
    claims = jwt.decode(token, options={"verify_signature": False})
    is_logout = isinstance(claims["events"][EVENT], dict) and "nonce" not in claims
    names_somebody = any(isinstance(claims.get(name), str) for name in ("sid", "sub"))
    if not (is_logout and names_somebody and (kind is None or kind.upper() in TYPES)):
        raise NotALogout


def _check(claims):
    """Fresh, and never seen before."""
    if abs(time.time() - claims["iat"]) > FRESH_SECONDS + _CLOCKS_DIFFER_BY:
        raise NotALogout
    name = f"logout-token:{hashlib.sha256(str(claims['jti']).encode()).hexdigest()}"
    if not cache.add(name, 1, 2 * (FRESH_SECONDS + _CLOCKS_DIFFER_BY)):
        raise NotALogout
