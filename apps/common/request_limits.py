"""Requests that no page takes: refused before their content is read, each with a page of ours."""

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.template import loader
from django.urls import resolve

METHODS = ("GET", "HEAD", "POST")
_BESIDE_FILES = 1024 * 1024  # bytes of a body that are not of its files


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
        length = _length(request)
        if length > most_bytes(request):
            most_here = _most_bytes_here(request)
            if length > most_here:
                return _page("413.html", status=413, is_archive=most_here > 0)
        response = self.get_response(request)
        return _with_page(response) if response.status_code == 405 else response

    def process_view(self, request, view, args, kwargs):
        """Called before the body is read: who the user is, is known now."""
        if _length(request) > most_bytes(request):
            _, permission = view.large_files
            if not request.user.has_perm(permission):
                return _page("413.html", status=413)
        return None


def most_bytes(request):
    """How long the body of `request` may be: files are sent by people who have signed in."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return settings.VISITOR_MAX_BYTES
    if request.content_type == "multipart/form-data":
        return settings.UPLOAD_MAX_BYTES
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def takes_large_files(rule, *, permission):
    """A decorator: the view takes files of settings.`rule` bytes from those with `permission`.

    It stands before all other decorators.
    """

    def decorate(view):
        view.large_files = rule, permission
        return view

    return decorate


def _most_bytes_here(request):
    """How long a body with files may be for the view of this address, where it says so; else 0."""
    is_signed_in = settings.SESSION_COOKIE_NAME in request.COOKIES
    if not is_signed_in or request.content_type != "multipart/form-data":
        return 0
    rule, _ = getattr(resolve(request.path_info).func, "large_files", (None, None))
    return getattr(settings, rule) + _BESIDE_FILES if rule else 0


def _length(request):
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdecimal() else 0


def _with_page(response):
    """`response`, which names the methods of its address, with a page that says so."""
    if not response.content:
        response.content = loader.get_template("405.html").render()
        response["Content-Type"] = "text/html; charset=utf-8"
    return response


def _page(template, *, status, **context):
    return HttpResponse(loader.get_template(template).render(context), status=status)
