"""A stand-in for the university's OpenID provider: the code flow with PKCE, in a demonstration.

As apps/demo/stand_in_cas.py: it signs anybody in as whoever they choose to be.
"""

import base64
import hashlib
import json
import secrets
import time
from functools import wraps
from urllib.parse import urlencode

import jwt
from cryptography.hazmat.primitives import serialization
from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpResponseBadRequest, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.common.addresses import page_url
from apps.demo.accounts import EVERYBODY, NOBODY

_CODE_SECONDS = 60
_KEY_ID = "demo"


def _only_in_demonstration(view):
    @wraps(view)
    def guarded(request, *args, **kwargs):
        if settings.DEMO_SINGLE_SIGN_ON != "oidc":
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@_only_in_demonstration
@require_GET
def configuration(request):
    issuer = settings.OIDC_ISSUER_URL
    return JsonResponse(
        {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }
    )


@_only_in_demonstration
@require_http_methods(["GET", "HEAD", "POST"])
def authorize(request):
    """Choose who one is."""
    asked = request.GET.dict()
    back = settings.PORTAL_URL + page_url("single_sign_on:oidc_back")
    if asked.get("redirect_uri") != back or asked.get("code_challenge_method") != "S256":
        return HttpResponseBadRequest("redirect_uri or code_challenge_method")
    people = (*EVERYBODY, NOBODY)
    if request.method != "POST":
        return render(request, "demo/stand_in.html", {"people": people})
    number = request.POST.get("number", "")
    if number not in {person.employee_number for person in people}:
        return HttpResponseBadRequest("number")
    code = secrets.token_urlsafe(16)
    cache.set(f"demo-oidc:{code}", asked | {"number": number}, _CODE_SECONDS)
    return redirect(f"{back}?{urlencode({'code': code, 'state': asked.get('state', '')})}")


@csrf_exempt
@_only_in_demonstration
@require_POST
def token(request):
    name = f"demo-oidc:{request.POST.get('code', '')}"
    found = cache.get(name)
    cache.delete(name)
    digest = hashlib.sha256(request.POST.get("code_verifier", "").encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    if not found or found.get("code_challenge") != challenge:
        return JsonResponse({"error": "invalid_grant"}, status=400)
    now = int(time.time())
    claims = {
        "iss": settings.OIDC_ISSUER_URL,
        "aud": settings.OIDC_CLIENT_ID,
        "sub": f"{found['number'].lower()}@demo",
        "employee_number": found["number"],
        "nonce": found.get("nonce", ""),
        "iat": now,
        "exp": now + _CODE_SECONDS,
    }
    signed = jwt.encode(claims, _key(), algorithm="RS256", headers={"kid": _KEY_ID})
    return JsonResponse({"access_token": "demo", "token_type": "Bearer", "id_token": signed})


@_only_in_demonstration
@require_GET
def keys(request):
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(_key().public_key()))
    return JsonResponse({"keys": [public | {"kid": _KEY_ID, "use": "sig", "alg": "RS256"}]})


def _key():
    """Any key of an outside party of the demonstration will do."""
    return serialization.load_pem_private_key(settings.SANDBOX_CASHIER_KEY.encode(), password=None)
