"""Compressed pages, where the length of an answer tells nothing.

Whoever can choose words of a page, and see how long the compressed answer is, can guess a secret
that stands in the same page (BREACH). A page answers with words of the request where it was asked
with a query or a form. Such an answer to somebody who may be signed in goes out as it is. Every
other page holds nothing that a stranger can choose. The CSRF token is masked anew each time, and
Django adds bytes of random length.
"""

from django.conf import settings
from django.middleware.gzip import GZipMiddleware


class CompressionMiddleware(GZipMiddleware):
    """Django's compression, for pages without words of a stranger beside those of a person."""

    def process_response(self, request, response):
        is_page = response.get("Content-Type", "").startswith("text/html")
        is_chosen = request.method != "GET" or request.META.get("QUERY_STRING")
        is_personal = settings.SESSION_COOKIE_NAME in request.COOKIES
        if not is_page or (is_chosen and is_personal):
            return response
        return super().process_response(request, response)
