"""OpenID Connect: the code flow with PKCE, state and nonce; the id_token's signature is checked.

allauth's client asks the server. Its own callback takes an id_token unsigned and without a nonce,
and writes a row for each person; so the pages are ours.
"""

import jwt
import requests
from allauth.socialaccount.internal import statekit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.utils.crypto import constant_time_compare, get_random_string

from apps.common.addresses import page_url
from apps.single_sign_on.identity import Identity, as_values
from apps.single_sign_on.refusals import SignInRefused, no_answer, not_accepted, too_old
from apps.single_sign_on.waiting import session_of

NAME = "oidc"
_METADATA = "/.well-known/openid-configuration"
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]
# What reading an answer that is not as the standard says may raise.
MALFORMED = (KeyError, TypeError, ValueError, AttributeError)


class UniversityAdapter(OpenIDConnectOAuth2Adapter):
    """allauth's, with the server of the settings and the address of our page."""

    def __init__(self, request):
        super().__init__(request, NAME)

    def get_provider(self):
        return UniversityProvider(self.request, app=_app())

    @property
    def openid_config(self):
        """What the server says of itself. Raises ValueError where it names another issuer.

        OpenID Connect Discovery 1.0, section 4.3: the two must be the same.
        """
        config = super().openid_config
        if config["issuer"].rstrip("/") != settings.OIDC_ISSUER_URL.removesuffix(_METADATA):
            raise ValueError("the metadata are of another issuer")
        return config

    def get_callback_url(self, request, app):
        return settings.PORTAL_URL + page_url("single_sign_on:oidc_back")


class UniversityProvider(OpenIDConnectProvider):
    pkce_enabled_default = True

    def get_oauth2_adapter(self, request):
        return UniversityAdapter(request)

    def get_default_scope(self):
        return settings.OIDC_SCOPES


def _app():
    return SocialApp(
        provider="openid_connect",
        provider_id=NAME,
        name=settings.SINGLE_SIGN_ON_NAME,
        client_id=settings.OIDC_CLIENT_ID,
        secret=settings.OIDC_CLIENT_SECRET,
        settings={"server_url": settings.OIDC_ISSUER_URL},
    )


def to_sign_in(request, *, after, is_again):
    """The redirect to the sign-in page of the server. Raises `SignInRefused`."""
    nonce = get_random_string(32)
    asked = {"nonce": nonce} | ({"prompt": "login"} if is_again else {})
    provider = UniversityAdapter(request).get_provider()
    try:
        return provider.redirect(
            request,
            AuthProcess.LOGIN,
            next_url=after,
            auth_params=asked,
            nonce=nonce,
            is_again=is_again,
        )
    except (requests.RequestException, *MALFORMED):
        raise no_answer() from None


def come_back(request):
    """The `Identity` of somebody who comes back, the state of `to_sign_in`, and the claims.

    By the claims the server may end the session (`logout_token`). Never in a transaction. Raises
    `SignInRefused`.
    """
    state = statekit.unstash_state(request, provider_id=NAME, state_id=request.GET.get("state", ""))
    if state is None:
        raise too_old()
    if "code" not in request.GET:
        raise SignInRefused("您在统一身份认证那边没有登录完，可以再试一次。", code="stopped")
    adapter = UniversityAdapter(request)
    try:
        claims = _claims(request, adapter, state)
    except OAuth2Error:
        raise not_accepted() from None
    except (requests.RequestException, *MALFORMED):
        raise no_answer() from None
    attributes = {name: as_values(claim) for name, claim in claims.items()}
    return Identity(str(claims["sub"]), attributes), state, claims


def _claims(request, adapter, state):
    app = adapter.get_provider().app
    client = adapter.get_client(request, app)
    answer = adapter.get_access_token_data(
        request, app, client, pkce_code_verifier=state["pkce_code_verifier"]
    )
    claims = verified(request, answer["id_token"], adapter.openid_config, app.client_id)
    if not constant_time_compare(str(claims.get("nonce", "")), state["nonce"]):
        raise OAuth2Error("another nonce")
    # For whom it was made, where it is addressed to several (OpenID Connect Core 1.0, 3.1.3.7).
    if claims.get("azp", app.client_id) != app.client_id:
        raise OAuth2Error("made for another application")
    if settings.OIDC_NUMBER_CLAIM in {"", *claims} or "userinfo_endpoint" not in (
        adapter.openid_config
    ):
        return claims
    more = adapter._fetch_user_info(answer["access_token"])
    if more.get("sub") != claims["sub"]:
        raise OAuth2Error("about somebody else")
    return more | claims


def verified(request, token, config, client_id, *, require=("exp", "iat", "iss", "aud", "sub")):
    """The claims of `token`, signed by a key of the server. Raises OAuth2Error."""
    with session_of(request) as session:
        keys = jwt.PyJWKSet.from_dict(session.get(config["jwks_uri"]).json())
    try:
        wanted = jwt.get_unverified_header(token).get("kid")
        key = next(key for key in keys.keys if wanted in (None, key.key_id))
        return jwt.decode(
            token,
            key,
            algorithms=ALGORITHMS,
            audience=client_id,
            issuer=config["issuer"],
            leeway=30,
            options={"require": list(require)},
        )
    except (jwt.PyJWTError, StopIteration):
        raise OAuth2Error("not signed by the server, or not for us") from None


def sign_out_url(request):
    """The page of the server that ends its own session; "" where it has none or does not answer."""
    adapter = UniversityAdapter(request)
    try:
        page = adapter.openid_config.get("end_session_endpoint", "")
    except (requests.RequestException, *MALFORMED):
        return ""
    query = {
        "client_id": settings.OIDC_CLIENT_ID,
        "post_logout_redirect_uri": f"{settings.PORTAL_URL}/",
    }
    return requests.Request("GET", page, params=query).prepare().url if page else ""
