"""The way of a request, drawn."""

from django import template

from apps.common.kept_html import KeptHtml

register = template.Library()

_WAY = KeptHtml("components/_way.html", most=1_000, put_in=())


@register.simple_tag
def draw_way(way):
    """The bar of the `RequestWay` `way`: many people are as far as the reader is."""
    return _WAY(stretches=way.stretches, mark=way.current.mark)
