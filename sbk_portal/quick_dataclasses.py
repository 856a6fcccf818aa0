"""Dataclasses that are made without compiling each of their methods.

Python 3.11 and 3.12 write `__repr__`, `__eq__`, `__hash__`, `__setattr__` and `__delattr__` of each
class as text and compile it. For the 200 dataclasses of the portal that was a tenth of the start of
a process. Here these five are closures over the names of the fields; `__init__` stays compiled.
Later versions of Python compile all methods of a class at once and are left as they are.
"""

import dataclasses
import reprlib
import sys
from operator import attrgetter


def install() -> None:
    """Make the dataclasses that are declared from now on so. Idempotent."""
    if sys.version_info >= (3, 13):
        return
    # Called by name, with the arguments of those versions.
    for function in (_repr_fn, _cmp_fn, _hash_fn, _frozen_get_del_attr):
        setattr(dataclasses, function.__name__, function)


def _values_of(names):
    """A function that gives the values of these fields as a tuple."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda each: tuple(getattr(each, name) for name in names)


def _repr_fn(fields, globals):
    names = [field.name for field in fields]

    def __repr__(self):
        inside = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{self.__class__.__qualname__}({inside})"

    return reprlib.recursive_repr()(__repr__)


_COMPILED_CMP_FN = dataclasses._cmp_fn  # type: ignore[attr-defined]


def _cmp_fn(name, op, self_tuple, other_tuple, globals):
    if op != "==":  # of the few that have an order
        return _COMPILED_CMP_FN(name, op, self_tuple, other_tuple, globals=globals)
    names = [part.removeprefix("self.") for part in self_tuple[1:-1].split(",") if part]
    values = _values_of(names)

    def __eq__(self, other):
        if other.__class__ is self.__class__:
            return values(self) == values(other)
        return NotImplemented

    return __eq__


def _hash_fn(fields, globals):
    values = _values_of([field.name for field in fields])

    def __hash__(self):
        return hash(values(self))

    return __hash__


def _frozen_get_del_attr(cls, fields, globals):
    names = frozenset(field.name for field in fields)

    def __setattr__(self, name, value):
        if type(self) is cls or name in names:
            raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")
        super(cls, self).__setattr__(name, value)

    def __delattr__(self, name):
        if type(self) is cls or name in names:
            raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")
        super(cls, self).__delattr__(name)

    return __setattr__, __delattr__
