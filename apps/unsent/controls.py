"""Draws the controls of forms that every page has: one-line inputs and drop-down lists.

They read as Django's templates draw them, except that `maxlength` is left out (`widget_attrs`).
Django takes up to four templates for an input, and two for each option of a list.
"""

from functools import lru_cache
from html import escape  # without the detour of Django's for lazy texts

from django import forms
from django.forms.utils import flatatt
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe

from apps.common.templatetags.components import widget_attrs


def draw_input(widget):
    """The `input` of the context `widget` of a Django widget."""
    value = widget["value"]
    # As `stringformat` has it: what is safe stays as it is.
    text = value if isinstance(value, str) else str(value)
    drawn = "" if value is None else f' value="{conditional_escape(text)}"'
    name, kind = escape(widget["name"]), escape(widget["type"])
    attrs = widget_attrs(widget["attrs"])
    return mark_safe(f'<input type="{kind}" name="{name}"{drawn}{attrs}>')  # noqa: S308 - escaped


def draw_select(widget):
    """The `select` of the context `widget`, with its options in their groups."""
    return _around(widget["name"], widget["attrs"], draw_options(widget["optgroups"]))


def draw_options(optgroups):
    drawn = []
    for name, options, _ in optgroups:
        if name:
            drawn.append(f'\n  <optgroup label="{escape(str(name))}">')
        for option in options:
            attrs = flatatt(option["attrs"]) if option["attrs"] else ""
            value, label = escape(str(option["value"])), escape(str(option["label"]))
            drawn.append(f'\n  <option value="{value}"{attrs}>{label}</option>')
        if name:
            drawn.append("\n  </optgroup>")
    return "".join(drawn)


def _around(name, attrs, options):
    drawn = f'<select name="{escape(name)}"{widget_attrs(attrs)}>{options}\n</select>'
    return mark_safe(drawn)  # noqa: S308 - names, values and labels are escaped


class CodeSelect(forms.Select):
    """A drop-down list of a code table, whose options are drawn once for what is chosen."""

    def render(self, name, value, attrs=None, renderer=None):
        options = _options_of(tuple(self.choices), tuple(self.format_value(value)))
        return _around(name, self.build_attrs(self.attrs, attrs), options)


@lru_cache(maxsize=1_000)
def _options_of(choices, chosen):
    return draw_options(forms.Select(choices=choices).optgroups("", [*chosen]))


_INPUTS = ("text", "number", "email", "url", "tel", "search", "password", "hidden", "date", "time")
# The template of a widget → what draws it in its place.
DRAWN = {f"django/forms/widgets/{kind}.html": draw_input for kind in (*_INPUTS, "checkbox")}
DRAWN["django/forms/widgets/select.html"] = draw_select
