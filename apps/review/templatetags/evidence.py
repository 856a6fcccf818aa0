"""Parts of the decision page that read the same on many of them.

Their HTML is kept by what they show (apps/common/kept_html.py).
"""

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from apps.common.kept_html import KeptHtml
from apps.verification.portrait_measures import Overlay

register = template.Library()

_ROW = KeptHtml("review/evidence_row.html", most=1_000, put_in=())
_STANDARD_LINES = KeptHtml(
    "review/standard_lines.html",
    most=1,
    put_in=("found",),
    words=lambda: {"overlay": Overlay([])},
)


@register.simple_tag(takes_context=True)
def evidence_rows(context, rows):
    """The lines of 逐项对照. What may name a person is not kept."""
    columns = {
        "is_of_child": context["particulars"].guardian_id is not None,
        "has_earlier": context["earlier"] is not None,
    }
    drawn = [
        _ROW(row=row, **columns) if row.is_of_code else _ROW.anew(row=row, **columns)
        for row in rows
    ]
    return SafeString("".join(drawn))


@register.simple_tag
def standard_lines(overlay):
    """The lines of the standard over a portrait, and what was found in it."""
    found = render_to_string("review/found_lines.html", {"overlay": overlay})
    return _STANDARD_LINES(found=found)
