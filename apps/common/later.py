"""Large libraries that few pages need: loaded when they are used, not when a process starts."""

from importlib import import_module
from typing import Any


class _Later:
    def __init__(self, name: str):
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        value = getattr(import_module(self._name), attribute)
        setattr(self, attribute, value)  # not asked for here again
        return value


def later(name: str) -> Any:
    """Stands for the module `name`, which is imported when something of it is first asked for."""
    return _Later(name)
