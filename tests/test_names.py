"""One word for one thing: the names in the code, asserted."""

import ast
import re
from collections import defaultdict

import pytest

from tests.source_code import OUR_MODELS, ROOT, nodes_of, sources

# A CardRequest is a `card_request`: `request` is the HttpRequest of Django, `case` a desk page.
TAKEN = {"request", "case"}
TAG = re.compile(r"{{.*?}}|{%.*?%}", re.DOTALL)
QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
OTHER_NAME = re.compile(r"\.request\b|\brequest=|(?<![\w.-])case(?![\w-])")


def test_no_two_classes_have_one_name():
    """A name must be understood without its folder. Django looks up three names by itself."""
    places = defaultdict(list)
    for name, tree in sources():
        for node in nodes_of(tree):
            if isinstance(node, ast.ClassDef) and node.name not in {"Meta", "Command", "Media"}:
                places[node.name].append(f"{name}:{node.lineno}")
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_every_public_rule_and_verb_says_what_it_does():
    rooms = re.compile(r"/(services|policies|permissions|offers|engine|sweep)(\.py$|/)")
    offences = [
        f"{name}: {function.name}"
        for name, tree in sources()
        if rooms.search(name)
        for function in tree.body
        if isinstance(function, ast.FunctionDef)
        and not function.name.startswith("_")
        and not ast.get_docstring(function)
    ]
    assert offences == []


def test_no_keyword_calls_a_card_request_by_another_name():
    offences = []
    for name, tree in sources():
        for node in nodes_of(tree):
            if isinstance(node, ast.arguments):
                offences += [f"{name}: {a.arg}" for a in node.kwonlyargs if a.arg in TAKEN]
            if isinstance(node, ast.Dict):
                offences += [
                    f"{name}:{key.lineno}"
                    for key, value in zip(node.keys, node.values, strict=True)
                    if isinstance(key, ast.Constant)
                    and key.value in TAKEN
                    and isinstance(value, ast.Name)
                ]
    assert offences == []


@pytest.mark.parametrize("model", OUR_MODELS, ids=lambda model: model._meta.label)
def test_no_field_or_reverse_accessor_calls_a_card_request_by_another_name(model):
    assert TAKEN.isdisjoint(field.name for field in model._meta.get_fields())


def test_no_template_calls_a_card_request_by_another_name():
    offences = [
        f"{path.relative_to(ROOT)}: {tag[0]}"
        for path in sorted(ROOT.glob("templates/**/*.*"))
        for tag in TAG.finditer(path.read_text(encoding="utf-8"))
        if OTHER_NAME.search(QUOTED.sub("", tag[0]))
    ]
    assert offences == []
