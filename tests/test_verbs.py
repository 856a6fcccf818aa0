"""Who changes what: verbs live with the services, are told who and when, and no row is written
anywhere else. Where a file stands is read from the layers of a room in pyproject.toml.
"""

import ast
import re
import tomllib
from functools import cache

import pytest

from apps.lifecycle.tables import LIFECYCLES
from tests.source_code import OUR_MODELS, ROOT, calls, nodes_of, public_functions, sources

# The one place where a status is written; a message and an invitation only wait, are sent or not.
STATUS_WRITERS = {
    "apps/lifecycle/engine.py",
    "apps/lifecycle/sweep.py",
    "apps/notices/services.py",
    "apps/notices/giving_up.py",
    "apps/roster/inviting.py",
    "apps/invitations/services.py",
}
# Where the clock may be read: at the edge, never in what is called from there.
CLOCK_READERS = re.compile(r"/(views|admin|tasks|middleware)(\.py|/)|/management/commands/")
# allauth calls it for whoever signs in or out, and hands over no moment.
CLOCK_READERS_BESIDE = {
    "apps/sign_in/recording.py",
    "apps/sign_in/adapter.py",  # and for whoever is locked out
    "apps/common/templatetags/formats.py",  # the year that is not written
    "apps/notices/unread.py",  # the number in the header of every page
    "apps/backoffice/accounts/desk.py",  # the admin of the accounts
    "apps/backoffice/site.py",  # stands before every page of the desk
}
# The engine, the book and the rooms that have no services: rules without models, the demo town.
WITHOUT_SERVICES = {"common", "demo", "encryption", "events", "lifecycle", "sheets"}
# Beside the services: models keep themselves whole, and a local adapter has rows of its own.
WRITERS = {"models", "adapters", "senders"}
WRITES = {"create", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
ENGINE_S = {"begin", "begin_all", "begin_rows", "move", "move_all", "move_keys", "move_set"}


@cache
def verb_files():
    """The names of the files that stand with the services."""
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = pyproject["tool"]["importlinter"]["contracts"]
    level = next(
        layer
        for contract in contracts
        for layer in contract["layers"]
        if "(services)" in layer.split(" : ")
    )
    return {name.strip(" ()") for name in level.split(":")}


def rooms_code():
    """(name of the file, its syntax tree, the names of its folders and its own) of every room."""
    for name, tree in sources():
        _, room, *inside = name.split("/")
        if inside and room not in WITHOUT_SERVICES:
            yield name, tree, {part.removesuffix(".py") for part in inside}


def arguments(function):
    """Name → (whether keyword-only, whether it has a default)."""
    taken = function.args
    positional = [*taken.posonlyargs, *taken.args]
    optional = {a.arg for a in positional[len(positional) - len(taken.defaults) :]}
    found = {argument.arg: (False, argument.arg in optional) for argument in positional}
    for argument, default in zip(taken.kwonlyargs, taken.kw_defaults, strict=True):
        found[argument.arg] = (True, default is not None)
    return found


def test_whoever_is_told_by_whom_and_when_is_told_by_name_and_always():
    """Every public function that takes `by`; of one that takes `at` only, the default."""
    offences = []
    for name, tree in sources():
        for function in public_functions(tree):
            taken = arguments(function)
            for word in {"by", "at"} & set(taken):
                is_keyword, has_default = taken[word]
                if has_default or ("by" in taken and not is_keyword):
                    offences.append(f"{name}: {function.name} takes {word}")
    assert offences == []


def test_a_verb_takes_nothing_by_position():
    offences = []
    for name, tree, parts in rooms_code():
        if not parts & verb_files():
            continue
        for function in public_functions(tree):
            taken = arguments(function)
            is_verb = "services" in parts or {"by", "at"} <= set(taken)
            if is_verb and not all(is_keyword for is_keyword, _ in taken.values()):
                offences.append(f"{name}: {function.name}")
    assert offences == []


def test_rows_are_written_by_services_only():
    offences = []
    for name, tree, parts in rooms_code():
        if parts & (verb_files() | WRITERS):
            continue
        offences += [f"{name}:{line}" for line in written_lines(tree)]
    assert offences == []


def written_lines(tree):
    """The lines that write rows: through a manager, a row's own method, the engine or the book."""
    for node in nodes_of(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        verb, source = node.func.attr, ast.unparse(node.func.value)
        is_managed = ".objects" in source or "_manager" in source
        # `save` of a picture or a workbook names where it is saved to.
        is_own = verb in {"save", "delete"} and not node.args and not is_managed
        if (
            verb in WRITES
            or (verb in {"update", "delete"} and is_managed)
            or (is_own and source not in {"super()", "session"})  # a session is no row of ours
            or (verb in ENGINE_S and source == "engine")
            or verb == "record"
            and source == "events"
        ):
            yield node.lineno


@pytest.mark.parametrize(
    "line",
    [
        "Card.objects.filter(pk=1).update(city=2)",
        "Card.objects.create(city=2)",
        "card.save(update_fields=['city'])",
        "claim.delete()",
        "engine.move(card, action, by=by)",
        "events.record(kind=kind)",
    ],
)
def test_each_way_to_write_a_row_is_seen(line):
    assert [*written_lines(ast.parse(line))] == [1]


def test_only_the_engine_writes_a_status():
    """Nor does a row come into being with one: `engine.begin` says it."""
    living = {model.__name__ for model in OUR_MODELS if hasattr(model, "lifecycle")}
    assert len(living) == len(LIFECYCLES)
    offences = []
    for name, tree in sources():
        if name in STATUS_WRITERS:
            continue
        for node in nodes_of(tree):
            targets = node.targets if isinstance(node, ast.Assign) else []
            if any(isinstance(t, ast.Attribute) and t.attr == "status" for t in targets):
                offences.append(f"{name}:{node.lineno}")
            if isinstance(node, ast.Call):
                made = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if made in {"update", "create", "bulk_create", "setattr", *living} and (
                    any(keyword.arg == "status" for keyword in node.keywords)
                    or made == "setattr"
                    and "'status'" in ast.unparse(node)
                ):
                    offences.append(f"{name}:{node.lineno}")
    assert offences == []


def test_the_clock_is_read_at_the_edge_only():
    offences = []
    for name, tree in sources():
        if CLOCK_READERS.search(name) or name in CLOCK_READERS_BESIDE:
            continue
        clock = [*calls(tree, "now"), *calls(tree, "today"), *calls(tree, "utcnow")]
        offences += [f"{name}:{call.lineno}" for call in clock]
    assert offences == []
