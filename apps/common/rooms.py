"""What the rooms (apps) say of themselves, in modules of an agreed name.

A page that stands above all rooms draws such modules and knows no room.
"""

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
    return [path for path in paths if find_spec(path) is not None]


def modules(name):
    """The module `name` of every room that has one."""
    return [import_module(path) for path in having(name)]
