"""Middleware that adds to every response what htmx and caches need."""

from django.http import HttpResponse
from django.utils.cache import add_never_cache_headers, patch_vary_headers


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
