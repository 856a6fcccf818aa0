"""The template engine of the portal: Django's, which writes texts and whole numbers at once.

For each `{{ value }}` Django asks whether it is a moment, how the language writes a number, and
whether the text is lazy. Most values are plain texts, which then cost three times as much.
"""

from html import escape

from django.template import base
from django.template.backends.django import DjangoTemplates
from django.utils.safestring import SafeString

_any_value = base.render_value_in_context


def write_value(value, context):
    """As Django's `render_value_in_context`; tests/services/test_template_values.py compares them.

    Whole numbers are written with digits alone, as they are without USE_THOUSAND_SEPARATOR.
    """
    kind = type(value)
    if kind is SafeString:
        return value
    if kind is str and context.autoescape:
        return escape(value)
    return str(value) if kind is int else _any_value(value, context)


class PortalTemplates(DjangoTemplates):
    """Django has no setting for it: its nodes call the function of its module."""

    def __init__(self, params):
        base.render_value_in_context = write_value
        super().__init__(params)
