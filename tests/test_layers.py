"""Knowledge points one way: no room names what belongs to a room above it.

import-linter sees imports. This sees what needs no import: the names of URLs, of templates and of
permissions, and the accessors that a foreign key of one room puts on a model of another. The layers
are read from pyproject.toml. A template belongs to the room whose folder it stands in; those in no
such folder are everybody's and count as the lowest room.
"""

import ast
import re
import tomllib
from collections import defaultdict
from functools import cache

import pytest
from django.apps import apps
from django.contrib.auth import get_permission_codename
from django.urls import get_resolver
from django.urls.resolvers import URLResolver

from tests import source_code
from tests.source_code import ROOT, nodes_of

LOWEST = "apps.common"
# Django's names for pages of the whole admin, whoever draws them.
ADMIN_S_OWN = {"index", "login", "logout", "password_change", "app_list", "jsi18n"}


def read_ranks():
    """The rank of each room, 0 for the lowest; the rooms of one layer share a rank."""
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = next(
        contract["layers"]
        for contract in pyproject["tool"]["importlinter"]["contracts"]
        if LOWEST in contract.get("layers", ())
    )
    return {
        room.strip(): rank
        for rank, layer in enumerate(reversed(layers))
        for room in layer.split("|")
    }


RANKS = read_ranks()
CONFIGS = [config for config in apps.get_app_configs() if config.name in RANKS]
ROOM_OF_LABEL = {config.label: config.name for config in CONFIGS}


def is_above(other, room):
    return RANKS[other] > RANKS[room]


def is_closed(other, room):
    """Whether `room` must not know `other`: one above it, or beside it in its layer."""
    return other != room and RANKS[other] >= RANKS[room]


@cache
def sources():
    """(room, name of the file, its syntax tree) of every Python file."""
    found = [(".".join(name.split("/")[:2]), name, tree) for name, tree in source_code.sources()]
    return [line for line in found if line[0] in ROOM_OF_LABEL.values()]


@cache
def templates():
    """(room, name of the file, its text without comments) of every template."""
    found = []
    for path, text in sorted(source_code.templates().items()):
        folders = path.split("/")[:-1]
        if folders[:1] == ["admin"]:  # under Django's name: of one model, or of all the desk
            folders = folders[1:] or ["backoffice"]
        room = f"apps.{folders[0]}" if folders else LOWEST
        text = re.sub(r"{#.*?#}|{% comment.*?endcomment %}", "", text, flags=re.S)
        found.append((room if room in RANKS else LOWEST, f"templates/{path}", text))
    return found


def strings(tree):
    """Each string of the code, docstrings left out, with its line."""
    documents = {id(node.value) for node in nodes_of(tree) if isinstance(node, ast.Expr)}
    constants = (node for node in nodes_of(tree) if isinstance(node, ast.Constant))
    for node in constants:
        if isinstance(node.value, str) and id(node) not in documents:
            yield node.value, node.lineno


def quoted(pattern):
    """(room, where it stands, what) for each string like `pattern` in code and templates."""
    for room, name, tree in sources():
        for text, line in strings(tree):
            if re.fullmatch(pattern, text):
                yield room, f"{name}:{line}", text
    for room, name, text in templates():
        for match in re.finditer(rf"""["']({pattern})["']""", text):
            yield room, f"{name}:{text.count(chr(10), 0, match.start()) + 1}", match[1]


def owners_of_urls():
    """The room of each URL by its full name, such as `progress:detail`; Django's own have none."""
    found = {}

    def walk(resolver, namespaces):
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLResolver):
                inner = [*namespaces, pattern.namespace] if pattern.namespace else namespaces
                walk(pattern, inner)
            elif pattern.name and namespaces:
                found[":".join([*namespaces, pattern.name])] = owner_of(pattern, namespaces)

    def owner_of(pattern, namespaces):
        if namespaces == ["admin"] and pattern.name in ADMIN_S_OWN:
            return None
        room = ".".join(pattern.callback.__module__.split(".")[:2])
        return room if room in RANKS else ROOM_OF_LABEL.get(pattern.name.split("_")[0])

    walk(get_resolver(), [])
    return found


def test_no_room_names_a_page_of_a_room_above_it():
    owners = owners_of_urls()
    assert owners["admin:cards_cardrequest_change"] == "apps.review"
    offences = [
        f"{place} names {url}"
        for room, place, url in quoted(r"[a-z_]+(?::[a-z_]+)+")
        if owners.get(url) and is_above(owners[url], room)
    ]
    assert offences == []


def test_no_room_names_a_template_of_a_room_above_it():
    offences = [
        f"{place} names {template}"
        for room, place, template in quoted(r"[a-z_]+(?:/\w+)+\.(?:html|txt)")
        if (owner := f"apps.{template.split('/')[0]}") in RANKS and is_above(owner, room)
    ]
    libraries = {path.stem: path.parts[-3] for path in ROOT.glob("apps/*/templatetags/*.py")}
    offences += [
        f"{name} loads {library}"
        for room, name, text in templates()
        for loaded in re.findall(r"{% load ([^%]+)%}", text)
        for library in loaded.split()
        if library in libraries and is_above(f"apps.{libraries[library]}", room)
    ]
    assert offences == []


def test_no_room_names_a_permission_of_a_room_above_it():
    owners = {
        f"{config.label}.{codename}": config.name
        for config in CONFIGS
        for model in config.get_models()
        for codename in [
            *(get_permission_codename(act, model._meta) for act in model._meta.default_permissions),
            *(codename for codename, _ in model._meta.permissions),
        ]
    }
    offences = [
        f"{place} names {permission}"
        for room, place, permission in quoted(r"[a-z_]+\.[a-z_]+")
        if permission in owners and is_above(owners[permission], room)
    ]
    offences += [
        f"{name} names {permission}"
        for room, name, text in templates()
        for permission in re.findall(r"perms\.([a-z_]+\.[a-z_]+)", text)
        if permission in owners and is_above(owners[permission], room)
    ]
    assert offences == []


def foreign_accessors():
    """For each name that a foreign key of one room puts on a model of another, the first room."""
    found = defaultdict(set)
    for config in CONFIGS:
        for model in config.get_models():
            for relation in model._meta.related_objects:
                room = ROOM_OF_LABEL.get(relation.related_model._meta.app_label, config.name)
                if is_closed(room, config.name):
                    for name in names_of(relation):
                        found[name].add(room)
    return found


def names_of(relation):
    names = {relation.get_accessor_name(), relation.field.related_query_name()}
    return {name for name in names if name and not name.endswith("+")}


@cache
def known_names(room):
    """The fields and accessors that `room` may know: its own ones, and those of rooms below."""
    names = set()
    for config in CONFIGS:
        for model in config.get_models():
            if not is_closed(config.name, room):
                names |= {field.name for field in model._meta.fields}
            for relation in model._meta.related_objects:
                source = ROOM_OF_LABEL.get(relation.related_model._meta.app_label)
                if source and not is_closed(source, room):
                    names |= names_of(relation)
    return names


@cache
def own_attributes(room):
    """What `room` calls its own: attributes and methods of classes, keys of dictionaries."""
    names = set()
    for other, _, tree in sources():
        if other == room:
            for node in nodes_of(tree):
                keys = node.keys if isinstance(node, ast.Dict) else ()
                names |= {key.value for key in keys if isinstance(key, ast.Constant)}
                body = node.body if isinstance(node, ast.ClassDef) else ()
                names |= {line.name for line in body if isinstance(line, ast.FunctionDef)}
                names |= {
                    line.target.id
                    for line in body
                    if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)
                }
    return names


# Functions whose plain strings name fields and accessors.
LOOK_UPS = {"select_related", "prefetch_related", "Prefetch", "values", "values_list", "only"}
LOOK_UPS |= {"defer", "order_by", "F", "OuterRef", "Count", "Max", "Min", "Sum"}
LOOK_UPS |= {"getattr", "hasattr", "get_field"}
FILTERS = {"filter", "exclude", "get", "Q", "annotate", "aggregate"}


def names_read(tree):
    """(name, line, whether as a look-up) of all that could be a field or an accessor."""
    imports = (node for node in nodes_of(tree) if isinstance(node, ast.Import | ast.ImportFrom))
    modules = {alias.asname or alias.name for node in imports for alias in node.names}
    for node in nodes_of(tree):
        if isinstance(node, ast.Attribute):
            if not isinstance(node.value, ast.Name) or node.value.id not in modules:
                yield node.attr, node.lineno, False
        elif isinstance(node, ast.Call):
            function = getattr(node.func, "attr", getattr(node.func, "id", ""))
            taken = [keyword.arg for keyword in node.keywords if keyword.arg]
            paths = [name for name in taken if "__" in name or function in FILTERS]
            if function in LOOK_UPS:
                plain = [a.value for a in node.args if isinstance(a, ast.Constant)]
                paths += [text.lstrip("-") for text in plain if isinstance(text, str)]
            for path in paths:
                yield from ((part, node.lineno, True) for part in path.split("__"))
    for text, line in strings(tree):
        if re.fullmatch(r"-?[a-z]+(_{1,2}[a-z]+)*", text) and "__" in text:
            yield from ((part, line, True) for part in text.lstrip("-").split("__"))


def test_no_room_reads_an_accessor_that_another_room_put_on_a_model():
    accessors = foreign_accessors()
    assert {"particulars", "shipment", "payments", "loss_reports"} <= set(accessors)

    def is_foreign(name, room, *, is_look_up):
        rooms = accessors.get(name, ())
        if not rooms or name in known_names(room):
            return False
        if not is_look_up and name in own_attributes(room):
            return False
        return all(is_closed(other, room) for other in rooms)

    offences = {
        f"{name}:{line} reads {read}"
        for room, name, tree in sources()
        for read, line, is_look_up in names_read(tree)
        if is_foreign(read, room, is_look_up=is_look_up)
    }
    for room, name, text in templates():
        for tag in re.findall(r"{[{%].*?[%}]}", text, flags=re.S):
            offences |= {
                f"{name} reads {read}"
                for read in re.findall(r"\.([a-z_]+)", re.sub(r'"[^"]*"', "", tag))
                if is_foreign(read, room, is_look_up=False)
            }
    assert sorted(offences) == []


@pytest.mark.parametrize(
    ("code", "read"),
    [
        ("card.loss_reports.all()", "loss_reports"),
        ("Card.objects.filter(loss_reports__status=1)", "loss_reports"),
        ("Q(loss_reports=None)", "loss_reports"),
        ('cards.select_related("request__shipment")', "shipment"),
        ('getattr(request, "shipment", None)', "shipment"),
        ('ORDER = "-request__shipment"', "shipment"),
    ],
)
def test_each_way_to_read_an_accessor_is_seen(code, read):
    assert read in {name for name, _, _ in names_read(ast.parse(code))}
