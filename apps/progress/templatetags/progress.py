"""The nodes of a timeline, drawn."""

from django import template
from django.utils.safestring import SafeString

from apps.common.kept_html import KeptHtml
from apps.common.templatetags.formats import day, iso, moment, shift_note

register = template.Library()

_OF_A_REQUEST = ("number", "who", "iso", "at", "note", "expected", "shift", "url")
_NODE = KeptHtml("progress/node.html", most=500, put_in=(*_OF_A_REQUEST, "carrier", "tracking"))


@register.simple_tag
def draw_nodes(nodes, carrier):
    """The `nodes` (waiting.timeline.Node) of a request whose card `carrier` takes along."""
    return SafeString(
        "".join(_drawn(node, number, carrier) for number, node in enumerate(nodes, start=1))
    )


def _drawn(node, number, carrier):
    link, url = node.link or ("", "")
    return _NODE(
        tone=node.state.tone,
        is_current=node.state.is_current,
        label=node.label,
        has_who=bool(node.who),
        is_past=node.at is not None,
        has_note=bool(node.note),
        is_expected=node.expected_date is not None,
        goal=node.goal,
        link=link,
        is_tracked=bool(node.tracking),
        number=number,
        who=node.who,
        iso=iso(node.at),
        at=moment(node.at),
        note=node.note,
        expected=day(node.expected_date),
        shift=shift_note(node.expected_date),
        url=url,
        carrier=carrier,
        tracking=node.tracking,
    )
