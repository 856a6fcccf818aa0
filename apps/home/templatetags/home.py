"""The matters on the first page, drawn."""

from django import template

from apps.common.kept_html import KeptHtml

register = template.Library()

_TILES = KeptHtml("home/tiles.html", most=100, put_in=())


@register.simple_tag
def draw_tiles(tiles):
    """The `tiles` (home.tiles.Tile), which depend on the look of a card and a few rules."""
    return _TILES(tiles=tuple(tiles))
