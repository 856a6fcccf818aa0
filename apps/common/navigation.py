"""The portal's own navigation, collected from the `navigation.py` of all rooms.

A room lists its `ENTRIES` there; the header of every page shows them and knows no room. A room
below that leads to one of them asks `url_of` for its label.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.urls import reverse


class Place(StrEnum):
    """Where in the header an entry stands; `LINKED` is not there, but rooms below lead to it."""

    MATTERS = "matters"
    MENU = "menu"
    LINKED = "linked"


def _is_here(context):
    return True


@dataclass(frozen=True)
class Entry:
    """One link of the header, to the page `url_name`, which takes no arguments.

    `order` is its place among the others. `is_shown` and `badge` are asked with the context of the
    page: `badge` returns a few words beside the label, or "". `is_current` says whether a page of
    the same namespace belongs to this entry; `also_current` whether one of another namespace does.
    An entry with a `template` is drawn by it instead of as a link.
    """

    place: Place
    order: int
    label: str
    url_name: str
    icon: str = ""
    css_class: str = ""
    template: str = ""
    is_shown: Callable[[dict], bool] = _is_here
    is_current: Callable[[dict], bool] = _is_here
    also_current: Callable[[dict], bool] | None = None
    badge: Callable[[dict], str] | None = None

    @property
    def url(self):
        return reverse(self.url_name)


@dataclass(frozen=True)
class Link:
    """An `Entry` on one page; `current` is the value of its aria-current, or ""."""

    entry: Entry
    badge: str
    current: str


def links(place, context):
    """The links of `place` on the page that has `context`, a template's."""
    return [
        Link(entry, entry.badge(context) if entry.badge else "", _current(entry, context))
        for entry in _entries()
        if entry.place == place and entry.is_shown(context)
    ]


def url_of(label):
    """The address behind the entry `label`. Raises StopIteration when no room has one."""
    return next(entry.url for entry in _entries() if entry.label == label)


def _current(entry, context):
    match = getattr(context.get("request"), "resolver_match", None)
    if match is None:
        return ""
    if match.view_name == entry.url_name:
        return "page"
    if match.app_name == entry.url_name.split(":")[0]:
        return "true" if entry.is_current(context) else ""
    return "true" if entry.also_current and entry.also_current(context) else ""


@cache
def _entries():
    found: list[Entry] = []
    for config in apps.get_app_configs():
        name = f"{config.name}.navigation"
        if config.name.startswith("apps.") and find_spec(name):
            found += getattr(import_module(name), "ENTRIES", ())
    return sorted(found, key=lambda entry: entry.order)
