"""Django's `url` and `static`, for addresses that are the same on every page.

They are built in and need no `load`: a page has dozens, most of them in its frame.
"""

from functools import cache

from django import template
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as compiled_by_django
from django.templatetags.static import StaticNode
from django.utils.html import conditional_escape

from apps.common.addresses import page_url, row_url
from apps.common.references import can_be

register = template.Library()


class _PageNode(URLNode):
    """`{% url "home:records" %}`: a page that takes no arguments."""

    def render(self, context):
        return conditional_escape(page_url(self.view_name.resolve(context)))


class _RowNode(URLNode):
    """`{% url "progress:detail" row.reference %}`: a page of the row with that reference."""

    def render(self, context):
        reference, *others = (arg.resolve(context) for arg in self.args)
        if not isinstance(reference, str) or not can_be(reference):
            return super().render(context)
        return conditional_escape(row_url(self.view_name.resolve(context), reference, *others))


@register.tag
def url(parser, token):
    node = compiled_by_django(parser, token)
    if node.kwargs or node.asvar:
        return node
    if not node.args:
        node.__class__ = _PageNode
    elif str(node.args[0]).endswith(".reference") and all(map(_is_word, node.args[1:])):
        node.__class__ = _RowNode
    return node


def _is_word(arg):
    """Whether a word stands in the template, and not the name of a variable."""
    return isinstance(arg.var, str)


@register.tag
def static(parser, token):
    node = StaticNode.handle_token(parser, token)
    if isinstance(node.path.var, str) and not (node.path.filters or node.varname):
        node.__class__ = _FileNode
    return node


class _FileNode(StaticNode):
    """`{% static "css/base.css" %}`: a file whose name stands in the template."""

    def render(self, context):
        return _file_url(self.path.var)


@cache
def _file_url(path):
    return conditional_escape(StaticNode.handle_simple(path))
