"""Finds modules of an agreed name in all rooms (apps).

So a page can show something of every room without importing any of them.
"""

from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps


def having(name):
    """The paths of the module `name` in every room that has one, in the order of the apps."""
    paths = [
        f"{config.name}.{name}"
        for config in apps.get_app_configs()
        if config.name.startswith("apps.")
    ]
    return [path for path in paths if _is_module(path)]


@cache
def modules(name):
    """The module `name` of every room that has one."""
    return [import_module(path) for path in having(name)]


@cache  # looking through the folders costs a page as much as several queries
def _is_module(path):
    return find_spec(path) is not None
