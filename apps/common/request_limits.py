"""Requests that no page takes: refused before their content is read, each with a page of ours."""

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.template import loader

METHODS = ("GET", "HEAD", "POST")


class RequestLimitsMiddleware:
    """Take the three methods that pages use, bodies of a limited size, and readable addresses.

    The size is what the header says. A body without a length is empty for Django. Nothing has an
    address with a NUL in it, and PostgreSQL does not even look for one.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in METHODS:
            return _with_page(HttpResponseNotAllowed(METHODS))
        if "\x00" in request.path_info:
            raise Http404
        if _length(request) > most_bytes(request):
            return _page("413.html", status=413)
        response = self.get_response(request)
        return _with_page(response) if response.status_code == 405 else response


def most_bytes(request):
    """How long the body of `request` may be: files are sent by people who have signed in."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return settings.VISITOR_MAX_BYTES
    if request.content_type == "multipart/form-data":
        return settings.UPLOAD_MAX_BYTES
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def _length(request):
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdecimal() else 0


def _with_page(response):
    """`response`, which names the methods of its address, with a page that says so."""
    if not response.content:
        response.content = loader.get_template("405.html").render()
        response["Content-Type"] = "text/html; charset=utf-8"
    return response


def _page(template, *, status):
    return HttpResponse(loader.get_template(template).render(), status=status)
