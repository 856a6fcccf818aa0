"""The sources of the project, read once for all tests that look at them."""

import ast
import re
from functools import cache
from pathlib import Path

from django.apps import apps
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
OUR_APPS = [config for config in apps.get_app_configs() if config.name.startswith("apps.")]
OUR_MODELS = [model for config in OUR_APPS for model in config.get_models()]


@cache
def sources(pattern="apps/**/*.py", *, holding=""):
    """(name, syntax tree) of each file in whose text the expression `holding` is found.

    To parse a file and to walk its tree takes long: a rule about few words names these.
    """
    paths = [path for path in sorted(ROOT.glob(pattern)) if "migrations" not in path.parts]
    names = [path.relative_to(ROOT).as_posix() for path in paths]
    return [(name, _tree_of(name)) for name in names if re.search(holding, _text_of(name))]


@cache
def _text_of(name):
    return (ROOT / name).read_text()


@cache
def _tree_of(name):
    return ast.parse(_text_of(name))


@cache
def nodes_of(tree):
    return list(ast.walk(tree))


def calls(tree, name):
    for node in nodes_of(tree):
        function = node.func if isinstance(node, ast.Call) else None
        if isinstance(function, ast.Attribute) and function.attr == name:
            yield node


def public_functions(tree):
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node


@cache
def templates():
    """{name: text} of each template."""
    return {
        path.relative_to(ROOT / "templates").as_posix(): path.read_text(encoding="utf-8")
        for path in (ROOT / "templates").rglob("*")
        if path.is_file() and path.suffix in {".html", ".txt"}
    }
