"""HTML that is kept by the values it shows, for parts that a page repeats or shows again and again.

A part that says something else has another key, so nothing that is over can be shown.
"""

import secrets
from functools import lru_cache
from html import escape

from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe

# Stands in what is kept on both sides of the name of a value that each page puts in anew.
MARK = secrets.token_hex(8)


class KeptHtml:
    """Draws a template of values that can be keys, and keeps the last `most` in this process.

    The template must read nothing but these values: no clock, no settings that change, no rows.
    Moments come as words, or `words` makes of the values what the template draws; it is called only
    for what is not kept, and must read nothing else either. The template may only show, and not
    ask, the values named in `put_in`, such as the token of the reader's forms: they are other ones
    on every page, and no part of the key.
    """

    def __init__(self, template, *, most, put_in=("csrf_token",), words=dict):
        self._template, self._words = template, words
        self._marks = {name: f"{MARK}{name}{MARK}" for name in put_in}
        # What is safe and what is not may be equal, as True and 1 are.
        self._kept = lru_cache(maxsize=most, typed=True)(self._draw)

    def __call__(self, **values):
        put_in = {name: values.pop(name) for name in self._marks}
        return self.joined([values], **put_in)

    def anew(self, **values):
        """The same, and nothing is kept: for what must not stay in memory, such as names."""
        return mark_safe("".join(self._draw(**values)))  # noqa: S308 - drawn by a template

    def joined(self, several, **put_in):
        """The HTML of each of `several`, dictionaries of values, one after the other."""
        shown: dict[str, str] = {}
        drawn: list[str] = []
        for values in several:
            pieces = list(self._kept(**values))
            for place in range(1, len(pieces), 2):
                name = pieces[place]
                if name not in shown:
                    shown[name] = _escaped(put_in[name])
                pieces[place] = shown[name]
            drawn += pieces
        return mark_safe("".join(drawn))  # noqa: S308 - drawn by a template

    def _draw(self, **values):
        """Text and names of values, in turns."""
        return render_to_string(self._template, self._words(**values) | self._marks).split(MARK)


def _escaped(value):
    """As a template shows `value`. Most are plain text, and need not be asked what they are."""
    return escape(value) if type(value) is str else conditional_escape(value)
