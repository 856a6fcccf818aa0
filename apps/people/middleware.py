"""Middleware for people whose session has ended: they come back to the page, with what they typed.

Two cookies say whose a posted page is. `pages` is sealed and holds, for each CSRF secret that this
browser had, the account that was signed in: a page posts the secret with which it was made, so it
cannot pass for the page of somebody else, and no other site knows a secret. `unsent` names the
browser for as long as something of it is kept.
"""

import json
from urllib.parse import parse_qs, urlencode, urlsplit

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.middleware.csrf import _does_token_match  # type: ignore[attr-defined]
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.crypto import get_random_string

from apps.common import cookies
from apps.common.addresses import page_url
from apps.common.pages import asking_page, is_own_address, wants_fragment
from apps.encryption.ciphers import InvalidToken
from apps.encryption.fields import decrypt, encrypt
from apps.people import unsent_forms
from apps.people.models import User
from apps.unsent import typed_again
from apps.unsent.typed_again import Typed
from apps.unsent.upload_handlers import mark_cut_files

PAGES, UNSENT = "pages", "unsent"
MOST_SECRETS = 4
# Why somebody is asked to sign in: an argument of the sign-in page (people/templatetags).
KEPT, ENDED = "kept", "ended"


class PageOwnerMiddleware:
    """Note in the cookie `pages` for which account the pages of this browser are made."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        secret = request.META.get("CSRF_COOKIE")
        # A view that never looked at the session made a page for nobody.
        if not secret or not request.session.accessed or not request.user.is_authenticated:
            return response
        owners = _owners(request)
        if owners.get(secret) != request.user.pk:
            owners.pop(secret, None)
            newest = [*owners.items(), (secret, request.user.pk)][-MOST_SECRETS:]
            sealed = encrypt(json.dumps(newest))
            cookies.keep(response, PAGES, sealed, max_age=settings.CSRF_COOKIE_AGE)
        return response


class EndedSessionMiddleware:
    """Answer a request that has to sign in first: keep what was typed, and say why.

    A request of htmx gets 401 and the address of the sign-in page in a header. The page stays as it
    is, with everything that was typed in it; static/js/messages.js says what to do.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if not _leads_to_sign_in(response) or request.user.is_authenticated:
            return response
        if request.method == "POST":
            page = form_page(request)
        else:
            page = asking_page(request) if wants_fragment(request) else _next(response)
        browser = keep_typed(request, page, owner=_owner(request))
        is_ended = _had_session(request)
        if not is_ended and not wants_fragment(request):
            return remember_browser(response, browser)
        is_kept = browser or is_waiting(request, page)
        why = {"why": KEPT if is_kept else ENDED} if is_ended else {}
        sign_in = resolve_url(settings.LOGIN_URL)
        address = f"{sign_in}?{urlencode({'next': page or '/'} | why, safe='/')}"
        if wants_fragment(request):
            answer = HttpResponse(status=401, headers={"X-Sign-In": address})
        else:
            answer = redirect(address)
        return remember_browser(answer, browser)

    def process_view(self, request, view, args, kwargs):
        """Say of a form that was cut on its way that it was, before the view reads it."""
        # A gateway that posts has no page; its view reads the bytes themselves.
        if request.method != "POST" or getattr(view, "csrf_exempt", False):
            return None
        try:
            mark_cut_files(request)
        except UnreadablePostError as error:
            return self.process_exception(request, error)
        return None

    def process_exception(self, request, exception):
        """A line that is cut while the form is read is no fault of ours."""
        if isinstance(exception, UnreadablePostError):
            return render(request, "400.html", {"page": form_page(request)}, status=400)
        return None


class TypedAgainMiddleware:
    """Show what was typed before signing in again, until a form of the page has been sent."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        browser = cookies.read(request, UNSENT)
        if not browser or not request.user.is_authenticated:
            return self.get_response(request)
        if request.method == "POST":
            user = request.user  # signing out changes it
            response = self.get_response(request)
            if response.status_code < 400 and _is_sent(request):
                paths = {request.path, urlsplit(form_page(request)).path}
                unsent_forms.discard(browser=browser, paths=paths, by=user)
            return response
        if wants_fragment(request):
            return self.get_response(request)
        typed = unsent_forms.find(
            browser=browser, path=request.path, by=request.user, at=timezone.now()
        )
        with typed_again.showing(typed):
            return self.get_response(request)


def _is_sent(request):
    """Whether a form was sent or saved, and not only a preview of it asked for."""
    match = request.resolver_match
    saves = getattr(match and match.func, "saves_what_is_typed", False)
    return saves or not wants_fragment(request)


def keep_typed(request, page, *, owner):
    """Keep what was posted from `page`. Returns the key of the browser, or None if nothing is kept.

    `owner` is the key of the account for which the page was made, or None.
    """
    if request.method != "POST":
        return None
    match = request.resolver_match
    has_files = not getattr(match and match.func, "keeps_no_files", False)
    typed = Typed(
        data=request.POST,
        files=request.FILES if has_files else type(request.FILES)(),
        action=request.path,
        has_lost_files=bool(request.FILES) and not has_files,
    )
    browser = cookies.read(request, UNSENT)
    if len(browser) != 32 or not browser.isalnum():
        browser = get_random_string(32)
    account = User.objects.filter(pk=owner).first() if owner else None
    is_kept = unsent_forms.keep(
        typed=typed,
        browser=browser,
        path=urlsplit(page).path,
        by=account,
        at=timezone.now(),
    )
    return browser if is_kept else None


def is_complete(request):
    """Whether what was posted has arrived and can be read; Django shows nothing of the rest."""
    try:
        return bool(request.POST) or request.META.get("CONTENT_LENGTH") in (None, "", "0")
    except (UnreadablePostError, MultiPartParserError, SuspiciousOperation):
        return False  # cut, no form, or too many fields


def remember_browser(response, browser):
    """Let `response` name the browser for which something was kept."""
    if browser:
        age = int(settings.UNSENT_FORM_LIFETIME.total_seconds())
        cookies.keep(response, UNSENT, browser, max_age=age)
    return response


def form_page(request):
    """The address of the page whose form was posted, as the browser says, else as the view does."""
    if asking := asking_page(request):
        return asking
    referer = request.headers.get("Referer", "")
    if is_own_address(request, referer):
        came_from = urlsplit(referer)
        return came_from.path + (f"?{came_from.query}" if came_from.query else "")
    match = request.resolver_match
    return (match and typed_again.form_page(match)) or request.path


def owner_of_posted_page(request):
    """The key of the account for whose page the posted CSRF token was made; None if of nobody's."""
    token = request.POST.get("csrfmiddlewaretoken") or request.headers.get("X-CSRFToken", "")
    for secret, owner in _owners(request).items():
        if len(token) in (32, 64) and _does_token_match(token, secret):
            return owner
    return None


def _had_session(request):
    """Whether somebody was signed in here before: the form says so, or a cookie."""
    match = request.resolver_match
    is_posted = request.method == "POST"
    if is_posted and not getattr(match and match.func, "is_open_to_visitors", False):
        return True
    own = [UNSENT, *([PAGES] if is_posted else ())]
    names = {settings.SESSION_COOKIE_NAME, *map(cookies.name_of, own)}
    return not names.isdisjoint(request.COOKIES)


def is_waiting(request, page):
    """Whether something that was posted before from `page` waits for its writer."""
    browser = cookies.read(request, UNSENT)
    if not browser or not is_own_address(request, page):
        return False
    return unsent_forms.is_waiting(browser=browser, path=urlsplit(page).path, at=timezone.now())


def _owner(request):
    return _owners(request).get(request.META.get("CSRF_COOKIE"))


def _owners(request):
    """CSRF secret → key of the account that was signed in, in this browser."""
    try:
        return dict(json.loads(decrypt(cookies.read(request, PAGES))))
    except (InvalidToken, ValueError):
        return {}


def _leads_to_sign_in(response):
    if response.status_code != 302:
        return False
    sign_in = {resolve_url(settings.LOGIN_URL), page_url("admin:login")}
    return urlsplit(response.headers.get("Location", "")).path in sign_in


def _next(response):
    """The page to which the sign-in page of a redirect leads."""
    return parse_qs(urlsplit(response["Location"]).query).get("next", ["/"])[0]
