"""HTML that is kept by the values it shows, for parts that a page repeats or shows again and again.

A part that says something else has another key, so nothing that is over can be shown.
"""

from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

# Stands in what is kept for the token of the reader's forms, which is another one on every page.
TOKEN = "the-token-of-the-reader"  # noqa: S105


class KeptHtml:
    """Draws a template of values that can be keys, and keeps the last `most` in this process.

    The template must read nothing but these values: no clock, no settings that change, no rows.
    Moments come as words.
    """

    def __init__(self, template, *, most):
        self._template = template
        self._kept = lru_cache(maxsize=most)(self._draw)

    def __call__(self, *, csrf_token, **values):
        drawn = self._kept(**values).replace(TOKEN, str(csrf_token))
        return mark_safe(drawn)  # noqa: S308 - drawn by a template

    def _draw(self, **values):
        return render_to_string(self._template, values | {"csrf_token": TOKEN})
