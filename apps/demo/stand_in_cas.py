"""A stand-in for the university's CAS server, so that a demonstration can show single sign-on.

It answers as protocol 3 says: tickets are good once, for their service, and signing out here tells
every service. It is there in a demonstration that was started with it, and nowhere else.
"""

import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import wraps
from urllib.parse import urlencode

import requests
from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.html import escape
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from apps.demo.accounts import EVERYBODY, NOBODY

_COOKIE, _SALT = "demo_cas", "demo.cas"
_TICKET_SECONDS = 60
_SESSION_SECONDS = int(timedelta(hours=2).total_seconds())
_TELL_SECONDS = 2
_LOGOUT_REQUEST = (
    '<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol">'
    "<samlp:SessionIndex>{}</samlp:SessionIndex></samlp:LogoutRequest>"
)


@dataclass(frozen=True)
class _Issued:
    service: str
    number: str
    is_fresh: bool


def _only_in_demonstration(view):
    @wraps(view)
    def guarded(request, *args, **kwargs):
        if settings.DEMO_SINGLE_SIGN_ON != "cas":
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@_only_in_demonstration
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request):
    """Choose who one is. Who has signed in is not asked again, unless the service wants it."""
    service = request.GET.get("service", "")
    if not service.startswith(f"{settings.PORTAL_URL}/"):
        return HttpResponseBadRequest("service")
    known = _known(request)
    if request.method == "POST":
        number = request.POST.get("number", "")
        if number not in {person.employee_number for person in (*EVERYBODY, NOBODY)}:
            return HttpResponseBadRequest("number")
        session = secrets.token_urlsafe(12)
        response = _to_service(session, _Issued(service, number, is_fresh=True))
        sealed = signing.dumps([session, number], salt=_SALT)
        response.set_cookie(_COOKIE, sealed, httponly=True, samesite="Lax")
        return response
    if known and "renew" not in request.GET:
        session, number = known
        return _to_service(session, _Issued(service, number, is_fresh=False))
    return render(request, "demo/stand_in.html", {"people": (*EVERYBODY, NOBODY)})


def _known(request):
    """The session here and the number of who has signed in; None without."""
    try:
        return signing.loads(request.COOKIES.get(_COOKIE, ""), salt=_SALT)
    except signing.BadSignature:
        return None


def _to_service(session, issued):
    ticket = f"ST-{secrets.token_urlsafe(16)}"
    cache.set(f"demo-cas:{ticket}", asdict(issued), _TICKET_SECONDS)
    told = [*cache.get(f"demo-cas-told:{session}", []), [issued.service, ticket]]
    cache.set(f"demo-cas-told:{session}", told, _SESSION_SECONDS)
    return redirect(f"{issued.service}&{urlencode({'ticket': ticket})}")


@_only_in_demonstration
@require_GET
def validate(request):
    ticket = request.GET.get("ticket", "")
    found = cache.get(f"demo-cas:{ticket}")
    cache.delete(f"demo-cas:{ticket}")
    if not found or found["service"] != request.GET.get("service"):
        return _answer('<cas:authenticationFailure code="INVALID_TICKET"/>')
    if "renew" in request.GET and not found["is_fresh"]:
        return _answer('<cas:authenticationFailure code="INVALID_TICKET"/>')
    number = escape(found["number"])
    return _answer(
        f"<cas:authenticationSuccess><cas:user>{number.lower()}@demo</cas:user><cas:attributes>"
        f"<cas:employeeNumber>{number}</cas:employeeNumber>"
        "</cas:attributes></cas:authenticationSuccess>"
    )


def _answer(inside):
    root = '<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas">'
    return HttpResponse(f"{root}{inside}</cas:serviceResponse>", content_type="application/xml")


@_only_in_demonstration
@require_safe
def sign_out(request):
    """End the session here, and tell every service that had a ticket of it."""
    if known := _known(request):
        session, _ = known
        for service, ticket in cache.get(f"demo-cas-told:{session}", []):
            _tell(service, ticket)
        cache.delete(f"demo-cas-told:{session}")
    response = redirect("home:home")
    response.delete_cookie(_COOKIE)
    return response


def _tell(service, ticket):
    data = {"logoutRequest": _LOGOUT_REQUEST.format(ticket)}
    with suppress(requests.RequestException):
        requests.post(service, data=data, timeout=_TELL_SECONDS)
