"""Middleware that adds to every response what htmx and caches need."""

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect

from apps.common.pages import wants_fragment


class SignInRedirectMiddleware:
    """Send the whole page to sign in when a session ended, instead of a fragment of it.

    The answer is HX-Redirect instead of a redirect, and `next` is the page that the person is
    looking at, not the address of the fragment.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response: HttpResponse = self.get_response(request)
        location = response.headers.get("Location", "")
        sign_in = resolve_url(settings.LOGIN_URL)
        if not wants_fragment(request) or urlsplit(location).path != sign_in:
            return response
        page = request.htmx.current_url_abs_path or "/"
        return HttpResponseClientRedirect(f"{sign_in}?{urlencode({'next': page})}")


class CacheHeadersMiddleware:
    """Keep page and fragment apart in every cache, and keep personal pages out of all of them.

    Pages for a signed-in user are not stored, so that Back shows neither a fragment nor a page of
    a person who has signed out. A view may set Cache-Control itself.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response: HttpResponse = self.get_response(request)
        patch_vary_headers(response, ["HX-Request", "HX-History-Restore-Request"])
        # A view that never looked at the session shows everybody the same; don't read it here.
        is_personal = request.session.accessed and request.user.is_authenticated
        if is_personal and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response
