"""What every htmx answer has in common."""

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django_htmx.http import HttpResponseClientRedirect


class SignInRedirectMiddleware:
    """Send the whole page to sign in when a session ended, instead of a fragment of it.

    An htmx request that would be redirected to the sign-in page is answered with HX-Redirect, and
    `next` is the page that the person is looking at, not the address of the fragment.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response: HttpResponse = self.get_response(request)
        location = response.headers.get("Location", "")
        sign_in = resolve_url(settings.LOGIN_URL)
        if not request.htmx or urlsplit(location).path != sign_in:
            return response
        page = request.htmx.current_url_abs_path or "/"
        return HttpResponseClientRedirect(f"{sign_in}?{urlencode({'next': page})}")
