"""What every page of the admin shows around its content.

It depends on few values, so its HTML is kept by them (apps/common/kept_html.py).
"""

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.text import capfirst

from apps.backoffice import navigation
from apps.cards.enums import RequestAction
from apps.common.kept_html import KeptHtml
from apps.common.templatetags.formats import moment, this_year
from apps.desk.colleagues import named
from apps.people.enums import Theme

register = template.Library()

_HEAD = KeptHtml(
    "backoffice/head.html",
    most=len(Theme),
    put_in=(),
    words=lambda theme: {
        "look": {"is_dark": theme == Theme.DARK, "is_light": theme == Theme.LIGHT}
    },
)
_HEADER = KeptHtml("backoffice/header.html", most=200, put_in=("csrf_token", "address"))

_DECISIONS = KeptHtml(
    "backoffice/start/decisions.html",
    most=200,
    put_in=(),
    words=lambda decisions, year: {
        "decisions": [
            (reference, RequestAction(action).label, moment(at))
            for reference, action, at in decisions
        ]
    },
)


@register.simple_tag(takes_context=True)
def desk_head(context):
    """The sheets of the page, in the colours that its reader chose."""
    return _HEAD(theme=getattr(context.get("look"), "theme", Theme.SYSTEM))


@register.simple_tag(takes_context=True)
def desk_header(context):
    """The header, with the name of the reader and the buttons of the account."""
    return _HEADER(
        site_header=context.get("site_header"),
        reader=named(context["user"]) if context.get("has_permission") else "",
        is_dark=getattr(context.get("look"), "is_dark", False),
        address=context["request"].get_full_path(),
        csrf_token=context.get("csrf_token", ""),
    )


@register.simple_tag(takes_context=True)
def desk_navigation(context):
    """The bar between the parts of the desk, as far as the signed-in person may go."""
    match = context["request"].resolver_match
    name = match.url_name if match and match.url_name else ""
    return navigation.bar_for(context["user"], name)


@register.simple_tag
def own_decisions(decisions):
    """The latest decisions of the reader, (reference, action, moment) of each."""
    # A moment of another year is written with it.
    return _DECISIONS(decisions=decisions, year=this_year())


@register.filter
def under(cells, headers):
    """The cells of a row of Django's list, each with the heading of its column as `data-label`."""
    return [_under(cell, header) for cell, header in zip(cells, headers, strict=True)]


def _under(cell, header):
    # Django draws cells as HTML. A box to tick has a checkbox for a heading, which labels nothing.
    if "action-checkbox" in header.get("class_attrib", ""):
        return cell
    label = format_html(' data-label="{}"', capfirst(header["text"]))
    return mark_safe(f"{cell[:3]}{label}{cell[3:]}")  # noqa: S308 - drawn by Django, the label escaped
