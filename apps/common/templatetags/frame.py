"""The frame of every page of the portal: its header, and what stands beside the title and below.

It depends on few values, so its HTML is kept by them (apps/common/kept_html.py).
"""

from urllib.parse import quote

from django import template

from apps.common import navigation
from apps.common.kept_html import KeptHtml
from apps.common.navigation import NavigationPlace

register = template.Library()

# The page that is drawn: where the switch of the edition, and signing in, come back to.
_PUT_IN = ("csrf_token", "address", "path")
_HEADER = KeptHtml("components/_site_header.html", most=200, put_in=_PUT_IN)
_HEAD_SIDE = KeptHtml("components/_head_side.html", most=200, put_in=_PUT_IN)
_TABS = KeptHtml("components/_tabs.html", most=200, put_in=())
_HTMX = KeptHtml("components/_htmx.html", most=1, put_in=())


@register.simple_tag(takes_context=True)
def site_header(context, tabs):
    """The header; `tabs` are the links to the main pages."""
    request = context.get("request")
    is_signed_in = navigation.is_signed_in(context)
    match = getattr(request, "resolver_match", None)
    return _HEADER(
        tabs=tabs,
        menu=navigation.links(NavigationPlace.MENU, context) if is_signed_in else (),
        is_signed_in=is_signed_in,
        is_sign_in=match is not None and match.url_name == "account_login",
        **_switches(context),
    )


@register.simple_tag(takes_context=True)
def head_side(context, is_main):
    """What stands beside the title; on a main page the bell does too."""
    return _HEAD_SIDE(is_main=is_main, **_switches(context))


@register.simple_tag
def tab_bar(tabs):
    """The main pages at the foot of a phone; `tabs` are the links to them."""
    return _TABS(tabs=tabs)


@register.simple_tag
def htmx():
    """htmx and its settings, in the head of a page."""
    return _HTMX()


def _switches(context):
    """What the switch of the edition and the bell show. An error page may have no request."""
    request = context.get("request")
    return {
        "has_request": request is not None,
        "is_elder": getattr(context.get("look"), "is_elder", False),
        "bells": navigation.links(NavigationPlace.BELL, context) if request is not None else (),
        "address": request.get_full_path() if request is not None else "",
        "path": quote(request.path) if request is not None else "",
        "csrf_token": context.get("csrf_token", ""),
    }
