"""To the university's sign-in page and back, and out again."""

from http import HTTPStatus

import requests
from allauth.core import ratelimit
from allauth.socialaccount.internal import statekit
from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)

from apps.common.pages import own_address
from apps.single_sign_on import cas_protocol, logout_token, oidc_protocol, services, sign_in
from apps.single_sign_on.identity import ticket_of
from apps.single_sign_on.refusals import TITLES, SignInRefused, too_old

CAS = "cas"
# Nothing is wrong with the university's server; the person is not let in.
_NOT_LET_IN = {"unknown", "left", "ambiguous", "no_number"}
# Of the others, the look-up of the account writes an event, or there was no sign-in.
_NOT_VOUCHED_FOR = {"not_accepted", "no_number"}


@never_cache
@require_GET
def cas(request):
    """To the sign-in page of CAS; with `again`, the password is asked for there."""
    if not settings.CAS_SERVER_URL:
        raise Http404
    after, is_again = _asked(request)
    if request.user.is_authenticated and not is_again:
        return redirect(after)
    try:
        _check_rate(request)
    except SignInRefused as refusal:
        return _refused(request, refusal, CAS)
    asked = {"next": after, "is_again": is_again}
    state = statekit.stash_state(request, provider_id=CAS, state=asked)
    return redirect(cas_protocol.sign_in_url(state=state, is_again=is_again))


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def cas_back(request):
    """Back from CAS with a ticket. CAS itself posts here when somebody has signed out there."""
    if not settings.CAS_SERVER_URL:
        raise Http404
    if request.method == "POST":
        ticket = cas_protocol.ended_ticket(request.POST.get("logoutRequest", ""))
        if ticket:
            services.end_sessions(ticket=ticket_of(CAS, ticket))
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    try:
        return _enter_by_ticket(request, request.GET.get("ticket", ""))
    except SignInRefused as refusal:
        return _refused(request, refusal, CAS)


def _enter_by_ticket(request, ticket):
    name = request.GET.get("state", "")
    state = statekit.unstash_state(request, provider_id=CAS, state_id=name)
    if state is None or not ticket:
        raise too_old()
    is_again = state["is_again"]
    identity = cas_protocol.validate(request, ticket, state=name, is_again=is_again)
    return sign_in.enter(
        request,
        account=services.find_account(numbers=identity.values(settings.CAS_NUMBER_ATTRIBUTE)),
        way=CAS,
        identity=identity,
        is_again=is_again,
        after=state["next"],
        tickets=[ticket_of(CAS, ticket)],
    )


@never_cache
@require_GET
def oidc(request):
    """To the sign-in page of OpenID Connect; with `again`, the password is asked for there."""
    if not settings.OIDC_ISSUER_URL:
        raise Http404
    after, is_again = _asked(request)
    if request.user.is_authenticated and not is_again:
        return redirect(after)
    try:
        _check_rate(request)
        return oidc_protocol.to_sign_in(request, after=after, is_again=is_again)
    except SignInRefused as refusal:
        return _refused(request, refusal, oidc_protocol.NAME)


@never_cache
@require_GET
def oidc_back(request):
    """Back from OpenID Connect with a code."""
    if not settings.OIDC_ISSUER_URL:
        raise Http404
    try:
        identity, state, claims = oidc_protocol.come_back(request)
        return sign_in.enter(
            request,
            account=services.find_account(numbers=identity.values(settings.OIDC_NUMBER_CLAIM)),
            way=oidc_protocol.NAME,
            identity=identity,
            is_again=state["is_again"],
            after=state["next"],
            tickets=logout_token.tickets(claims),
        )
    except SignInRefused as refusal:
        return _refused(request, refusal, oidc_protocol.NAME)


@csrf_exempt
@never_cache
@require_POST
def oidc_ended(request):
    """The server of OpenID Connect says that somebody has signed out there (back-channel logout).

    Another answer than 200 or 204 tells it to say so again.
    """
    if not settings.OIDC_ISSUER_URL:
        raise Http404
    if not ratelimit.consume(request, action="single_sign_out"):
        return HttpResponse(status=HTTPStatus.TOO_MANY_REQUESTS)
    try:
        ticket = logout_token.ended(request, request.POST.get("logout_token", ""))
    except logout_token.NotALogout:
        return JsonResponse({"error": "invalid_request"}, status=HTTPStatus.BAD_REQUEST)
    except requests.RequestException:
        return HttpResponse(status=HTTPStatus.SERVICE_UNAVAILABLE)
    services.end_sessions(ticket=ticket)
    return HttpResponse(status=HTTPStatus.OK)


@require_safe
def cas_out(request):
    """Signed out here. CAS still knows them: the next person at this computer would be let in."""
    if not settings.CAS_SERVER_URL:
        raise Http404
    return _signed_out(request, cas_protocol.sign_out_url())


@require_safe
def oidc_out(request):
    """As `cas_out`, for OpenID Connect."""
    if not settings.OIDC_ISSUER_URL:
        raise Http404
    return _signed_out(request, oidc_protocol.sign_out_url(request))


def _signed_out(request, leave):
    """A page with a link, because a form may not lead to another site (the CSP)."""
    context = {"leave": leave, "sso_name": settings.SINGLE_SIGN_ON_NAME}
    return render(request, "single_sign_on/signed_out.html", context)


def _asked(request):
    """The page of ours to go to, and whether the password is to be given once more."""
    return own_address(request, request.GET.get("next", "")), "again" in request.GET


def _check_rate(request):
    if not ratelimit.consume(request, action="single_sign_on"):
        raise SignInRefused("点得太快了，请过一分钟再试。", code="stopped")


def _refused(request, refusal, way):
    if refusal.code in _NOT_VOUCHED_FOR:
        services.note_failure()
    is_theirs = refusal.code == "no_answer"
    status = HTTPStatus.BAD_GATEWAY if is_theirs else HTTPStatus.FORBIDDEN
    context = {
        "refusal": refusal,
        "title": TITLES[refusal.code],
        "is_known": refusal.code not in _NOT_LET_IN,
        "way": f"single_sign_on:{way}",
        "sso_name": settings.SINGLE_SIGN_ON_NAME,
    }
    return render(request, "single_sign_on/refused.html", context, status=status)
