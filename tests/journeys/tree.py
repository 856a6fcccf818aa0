"""A page as a tree: just enough of HTML to find words, links and forms in it."""

from collections.abc import Iterator
from html.parser import HTMLParser

VOID = {"br", "col", "hr", "img", "input", "link", "meta", "path", "source", "use", "wbr"}


class Node:
    def __init__(self, name, attributes=None, parent=None):
        self.name = name
        self.attributes = attributes or {}
        self.parent = parent
        self.children: list[Node | str] = []

    def get(self, attribute, default=None):
        return self.attributes.get(attribute, default)

    def has(self, attribute):
        return attribute in self.attributes

    def nodes(self, *names) -> Iterator["Node"]:
        """This node and all below it, in the order of the page; those called `names` if any."""
        if not names or self.name in names:
            yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child.nodes(*names)

    def up(self, *names):
        """The nearest node called one of `names`, itself included; else None."""
        node = self
        while node is not None and node.name not in names:
            node = node.parent
        return node

    def by_id(self, identifier):
        return next(node for node in self.nodes() if node.get("id") == identifier)

    @property
    def text(self):
        """The words, with every run of blanks as one."""
        return " ".join(self._words().split())

    def _words(self):
        hidden = self.name in {"script", "style", "svg", "datalist"}
        parts = [child if isinstance(child, str) else child._words() for child in self.children]
        edge = "" if self.name in {"a", "b", "i", "span", "small", "time", "strong"} else " "
        return "" if hidden else edge + "".join(parts) + edge

    def put(self, children):
        """Replace the content of this node by `children` (of another tree)."""
        self.children = children
        for child in children:
            if isinstance(child, Node):
                child.parent = self

    def give_way(self, children=()):
        """Replace this node by `children` (of another tree)."""
        siblings, place = self.parent.children, self.parent.children.index(self)
        siblings[place : place + 1] = children
        for child in children:
            if isinstance(child, Node):
                child.parent = self.parent


class _Builder(HTMLParser):
    def __init__(self, *, drops):
        super().__init__()
        self.root = self.here = Node("#root")
        self.drops = drops

    def handle_starttag(self, name, attributes):
        node = Node(name, dict(attributes), self.here)
        self.here.children.append(node)
        if name not in VOID:
            self.here = node

    def handle_startendtag(self, name, attributes):
        self.handle_starttag(name, attributes)
        if name not in VOID:
            self.handle_endtag(name)

    def handle_endtag(self, name):
        if name in VOID:
            return
        node = self.here.up(name)
        if node is None:
            raise AssertionError(f"</{name}> closes nothing (line {self.getpos()[0]})")
        self.here = node.parent
        if name in self.drops:
            node.give_way()

    def handle_data(self, data):
        self.here.children.append(data)


def parse(html, *, is_scripted):
    """The tree of `html`; where scripts run (`is_scripted`), what stands in noscript is not there.

    Raises AssertionError for an end tag without its start.
    """
    builder = _Builder(drops={"noscript"} if is_scripted else set())
    builder.feed(html)
    builder.close()
    return builder.root
