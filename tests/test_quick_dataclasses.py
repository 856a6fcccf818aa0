"""The dataclasses of the portal are those of Python, made sooner."""

import dataclasses
import importlib.util
import sys
from dataclasses import FrozenInstanceError, dataclass, field

import pytest

from sbk_portal import quick_dataclasses

pytestmark = pytest.mark.skipif(
    sys.version_info >= (3, 13), reason="Python makes them so by itself"
)


@pytest.fixture(scope="module")
def plain():
    """The module as Python has it."""
    spec = importlib.util.spec_from_file_location("plain_dataclasses", dataclasses.__file__)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # looks itself up
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


class Empty:
    pass


class One:
    one: int = 1


class Three:
    one: int
    two: str = "two"
    three: list = field(default_factory=list, compare=False, repr=False)


OPTIONS = [{}, {"frozen": True}, {"frozen": True, "eq": False}, {"frozen": True, "kw_only": True}]
OPTIONS += [{"order": True}, {"unsafe_hash": True}, {"frozen": True, "slots": True}]
CALLS = {Empty: [{}], One: [{}, {"one": 2}], Three: [{"one": 1}, {"one": 1, "two": "2"}]}


def made(module, template, options):
    """The dataclass of `template`, which stays as it is."""
    body = {"__annotations__": template.__annotations__} if template is not Empty else {}
    body |= {
        name: module.field(default_factory=list, compare=False, repr=False)
        if isinstance(value, dataclasses.Field)
        else value
        for name, value in vars(template).items()
        if not name.startswith("__")
    }
    return module.dataclass(**options)(type(template.__name__, (), body))


def said(module, template, options):
    """All that its objects say of themselves."""
    objects = [made(module, template, options)(**call) for call in CALLS[template] * 2]
    kind = made(module, template, options)
    same = [kind(**call) for call in CALLS[template] * 2]
    found = [[repr(one).rpartition(".")[2] for one in same]]
    found.append([[one == other for other in same] for one in same])
    found.append([one == other for one, other in zip(same, objects, strict=True)])
    found.append([answer(hash, one) for one in same] if options.get("eq", True) else [])
    found.append([answer(lambda one: one < same[0], one) for one in same])
    for name in ("one", "unknown"):
        found.append([answer(setattr, one, name, 7) for one in same])
        found.append([answer(delattr, one, name) for one in same])
    return found


def answer(function, *arguments):
    try:
        return function(*arguments)
    except (TypeError, AttributeError) as error:
        return type(error).__name__, str(error)


@pytest.mark.parametrize("template", CALLS)
@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_they_answer_as_python_s_own_do(plain, template, options):
    assert said(dataclasses, template, options) == said(plain, template, options)


def test_they_are_made_so():
    assert dataclasses._hash_fn is quick_dataclasses._hash_fn
    assert [field.name for field in dataclasses.fields(dataclass(One))] == ["one"]


@dataclass(frozen=True)
class Above:
    one: int


@dataclass(frozen=True)
class Below(Above):
    two: int = 2


class Unguarded(Below):
    pass


def test_what_comes_from_another_keeps_its_fields():
    below = Below(1)
    assert (below, hash(below)) == (Below(1, 2), hash(Below(1, 2)))
    assert below != Above(1)
    for name in ("one", "two", "three"):
        with pytest.raises(FrozenInstanceError, match=name):
            setattr(below, name, 3)
    other = Unguarded(1)
    other.three = 3
    with pytest.raises(FrozenInstanceError):
        other.one = 3


def test_one_that_holds_itself_can_be_shown():
    holds = dataclass(type("Holds", (), {"__annotations__": {"it": list}}))
    it = []
    it.append(holds(it))
    assert "..." in repr(it[0])
