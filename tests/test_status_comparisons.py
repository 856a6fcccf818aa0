"""What a page shows is asked of offers, policies and the words of an enum, not of a status."""

import ast
import re

from tests.source_code import nodes_of, sources, templates

# A value that tells where something stands or of which sort it is.
STANDING = re.compile(
    r"(^|_)(status|kind|state|stage|action|actor|outcome|role|purpose|way|channel)$"
)
# Where pages are made. Home and progress have no rules of their own: all of their modules.
PAGES = re.compile(r"/(views|admin|desk|pages)(\.py$|/)|^apps/(home|progress)/")


def enums():
    """The names of all enums of ours."""
    return {
        node.name
        for _, tree in sources()
        for node in nodes_of(tree)
        if isinstance(node, ast.ClassDef)
        and any(ast.unparse(base).endswith(("Choices", "Enum")) for base in node.bases)
    }


def compared_in_python(tree, names):
    """The lines that compare something with a member of an enum, or a status with a string."""

    def is_member(node):
        owner = node.value if isinstance(node, ast.Attribute) else None
        name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", None)
        return name in names and node.attr.isupper()

    def is_standing(node):
        return bool(STANDING.search(getattr(node, "attr", getattr(node, "id", ""))))

    for node in nodes_of(tree):
        if isinstance(node, ast.MatchValue) and is_member(node.value):
            yield node.lineno
        if not isinstance(node, ast.Compare):
            continue
        sides = [node.left, *node.comparators]
        flat = [
            part
            for side in sides
            for part in (side.elts if isinstance(side, ast.Tuple | ast.List | ast.Set) else [side])
        ]
        is_literal = any(isinstance(part, ast.Constant) and part.value for part in flat)
        if any(map(is_member, flat)) or (is_literal and any(map(is_standing, sides))):
            yield node.lineno


def compared_in_template(text):
    """The conditions that compare a status with a literal."""
    for tag in re.findall(r"{%\s*(?:if|elif)\s(.*?)%}", text):
        for left, right in re.findall(r"""([\w."'|]+)\s+(?:==|!=|in|not in)\s+([\w."'|]+)""", tag):
            for value, other in ((left, right), (right, left)):
                name = value.split("|")[0].rsplit(".", 1)[-1]
                if other[0] in "\"'" and STANDING.search(name):
                    yield f"{value} with {other}"


def test_no_page_compares_a_status_with_a_literal():
    names = enums()
    found = [
        f"{name}:{line}"
        for name, tree in sources()
        if PAGES.search(name)
        for line in compared_in_python(tree, names)
    ]
    found += [
        f"templates/{name}: {what}"
        for name, text in templates().items()
        for what in compared_in_template(text)
    ]
    assert found == []
