"""Page or fragment: one address answers with its page, and htmx gets the part that changes."""

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRefresh


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page.

    Going back or forward in the history is also a request of htmx, but it asks for the whole page.
    """
    htmx = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.history_restore_request


def asks_by_itself(request: HttpRequest) -> bool:
    """Whether an open page asks again by itself (static/js/polling.js), read or not."""
    return "Unattended" in request.headers


def asking_page(request: HttpRequest) -> str | None:
    """The address (path and query) of the page from which htmx asks; None for another request.

    A request that is refused early, such as one to another host, is not known to be of htmx.
    """
    htmx = getattr(request, "htmx", None)
    try:
        page = htmx.current_url_abs_path if htmx else None
    except ValueError:  # the header holds no address
        return None
    return page if page and is_own_address(request, page) else None


def page_or_fragment(request, *, page, fragment, context) -> HttpResponse:
    """Render the template `page`, or for htmx the template `fragment`, which the page includes.

    Both get `context` and `is_fragment`. The middleware of `apps.common.htmx` sets the headers
    that keep a cache from answering with the wrong one.
    """
    is_fragment = wants_fragment(request)
    template = fragment if is_fragment else page
    return render(request, template, context | {"is_fragment": is_fragment})


def whole(request, response: HttpResponse) -> HttpResponse:
    """Use it where a view that answers with a fragment has to answer with a whole page once.

    `response` is the page, or a redirect to one. htmx is told to load it as a page and not to put
    it into the middle of the present one.
    """
    return HttpResponseClientRefresh() if wants_fragment(request) else response


def own_address(request: HttpRequest, address: str) -> str:
    """`address` if it is that of a page of this portal, else that of the first page."""
    return address if is_own_address(request, address) else resolve_url(settings.LOGIN_REDIRECT_URL)


def is_own_address(request: HttpRequest, address: str) -> bool:
    """Whether `address`, a path or a whole address, is that of a page of this portal.

    A word without a slash, such as 1 or home:home, is neither. Where the request came to a host
    that is not ours, no whole address is.
    """
    if "\x00" in address:
        return False
    try:
        host = request.get_host()
    except DisallowedHost:
        host = None
    is_ours = url_has_allowed_host_and_scheme(
        address, allowed_hosts=host, require_https=request.is_secure()
    )
    return is_ours and (address.startswith("/") or "://" in address)
