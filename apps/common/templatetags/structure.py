"""Django's `extends`, `block` and `include`, which find again on each page what never changes.

They are built in and need no `load`. What they keep is part of the compiled template, so it is gone
with it.
"""

from functools import cached_property

from django import template
from django.template.base import TextNode
from django.template.loader_tags import (
    BLOCK_CONTEXT_KEY,
    BlockContext,
    BlockNode,
    ExtendsNode,
    IncludeNode,
    do_block,
    do_extends,
    do_include,
)
from django.utils.safestring import SafeString

register = template.Library()


class _Block(BlockNode):
    """A block that holds nothing but text needs no context of its own; most are such."""

    @cached_property
    def text(self):
        texts = [node.s for node in self.nodelist if isinstance(node, TextNode)]
        return SafeString("".join(texts)) if len(texts) == len(self.nodelist) else None

    def render(self, context):
        blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
        block = blocks and blocks.get_block(self.name)
        text = (block or self).text
        return super().render(context) if text is None else text


class _Extends(ExtendsNode):
    """Looks for the blocks of a parent once, and not through all of its nodes on each page."""

    def render(self, context):
        parent = self.get_parent(context)
        blocks = context.render_context.setdefault(BLOCK_CONTEXT_KEY, BlockContext())
        blocks.add_blocks(self.blocks)
        kept = vars(parent)  # as long as the compiled template itself
        if "own_blocks" not in kept:
            kept["own_blocks"] = _blocks_of_root(parent)
        blocks.add_blocks(kept["own_blocks"])
        with context.render_context.push_state(parent, isolated_context=False):
            return parent._render(context)  # type: ignore[attr-defined]


def _blocks_of_root(parent):
    """The blocks of a template that extends no other one; of another, nothing: it adds its own."""
    first = next((node for node in parent.nodelist if not isinstance(node, TextNode)), None)
    if first is None or isinstance(first, ExtendsNode):
        return {}
    return {node.name: node for node in parent.nodelist.get_nodes_by_type(BlockNode)}


class _Include(IncludeNode):
    """An include of a template whose name stands there: it is looked for once."""

    def render(self, context):
        if not hasattr(self, "compiled"):
            self.compiled = context.template.engine.get_template(self.template.var)
        values = {name: one.resolve(context) for name, one in self.extra_context.items()}
        if self.isolated_context:
            return self.compiled.render(context.new(values))
        with context.push(**values):
            return self.compiled.render(context)


@register.tag
def block(parser, token):
    node = do_block(parser, token)
    node.__class__ = _Block
    return node


@register.tag
def extends(parser, token):
    node = do_extends(parser, token)
    node.__class__ = _Extends
    return node


@register.tag
def include(parser, token):
    node = do_include(parser, token)
    name = node.template
    if isinstance(name.var, str) and not name.filters:
        node.__class__ = _Include
    return node
