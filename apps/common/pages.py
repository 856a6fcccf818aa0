"""Page or fragment: one address answers with its page, and htmx gets the part that changes."""

from django.conf import settings
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


def asking_page(request: HttpRequest) -> str | None:
    """The address (path and query) of the page from which htmx asks; None for another request."""
    htmx = request.htmx  # type: ignore[attr-defined]
    return htmx.current_url_abs_path if htmx else None


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
    """`address` if it is the path of a page of this portal, else that of the first page.

    A word without a slash, such as 1 or home:home, is no path.
    """
    is_ours = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    is_path = address.startswith("/") or "://" in address
    return address if is_ours and is_path else resolve_url(settings.LOGIN_REDIRECT_URL)
