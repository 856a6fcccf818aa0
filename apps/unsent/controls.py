"""Draws the controls of forms that every page has: one-line inputs and drop-down lists.

They read as Django's templates draw them, except that `maxlength` is left out (`widget_attrs`).
Django takes up to four templates for an input, and two for each option of a list.
"""

from html import escape  # without the detour of Django's for lazy texts

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
    drawn = [f'<select name="{escape(widget["name"])}"{widget_attrs(widget["attrs"])}>']
    for name, options, _ in widget["optgroups"]:
        if name:
            drawn.append(f'\n  <optgroup label="{escape(str(name))}">')
        for option in options:
            attrs = flatatt(option["attrs"]) if option["attrs"] else ""
            value, label = escape(str(option["value"])), escape(str(option["label"]))
            drawn.append(f'\n  <option value="{value}"{attrs}>{label}</option>')
        if name:
            drawn.append("\n  </optgroup>")
    drawn.append("\n</select>")
    return mark_safe("".join(drawn))  # noqa: S308 - names, values and labels are escaped


_INPUTS = ("text", "number", "email", "url", "tel", "search", "password", "hidden", "date", "time")
# The template of a widget → what draws it in its place.
DRAWN = {f"django/forms/widgets/{kind}.html": draw_input for kind in (*_INPUTS, "checkbox")}
DRAWN["django/forms/widgets/select.html"] = draw_select
