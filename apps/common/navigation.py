"""The portal's own navigation, collected from the `navigation.py` of all rooms.

A room lists its `ENTRIES` there; the header of every page and the first page show them and know no
room. A room below that leads to one of them asks `url_of` for its label.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from typing import NamedTuple

from apps.common import rooms
from apps.common.addresses import page_url


class NavigationPlace(StrEnum):
    """Where in the header an entry stands.

    `TABS` are the main pages: in the header of a large screen, at the foot of a phone. `BELL` is
    the way to the messages, `MENU` what is one's own. The others are not in the header: `MATTERS`
    and, beside them, `INFORMATION` are on the first page and on that of the matters, `SIGN_IN` is
    below the password on the sign-in page, `CONFIRM` where a password is asked for once more, and
    `LINKED` on no page: other rooms link to it.
    """

    TABS = "tabs"
    BELL = "bell"
    MATTERS = "matters"
    MENU = "menu"
    INFORMATION = "information"
    SIGN_IN = "sign_in"
    CONFIRM = "confirm"
    LINKED = "linked"


def is_signed_in(context):
    """Whether somebody has signed in; an error page may know no `user`."""
    return getattr(context.get("user"), "is_authenticated", False)


def is_staff(context):
    """Whether somebody has signed in who may enter the desk."""
    return getattr(context.get("user"), "is_staff", False)


def _is_here(context):
    return True


@dataclass(frozen=True, eq=False)
class NavigationEntry:
    """One link of the header, to the page `url_name`, which takes no arguments.

    `order` is its place among the others. `is_shown` and `badge` are asked with the context of the
    page: `badge` returns a few words beside the label, or "". `is_current` says whether a page of
    the same namespace belongs to this entry; `also_current` whether one of another namespace does.
    `css_class` "small-only" is for a phone, "wide-only" for a large screen. A large screen shows
    the `title` of a tab. The first page shows what has a `line`, a sentence of its own, by its
    `title` (without one: its label). Entries of MENU that follow each other with the same `group`
    stand under it on the page 我的.
    """

    place: NavigationPlace
    order: int
    label: str
    url_name: str
    icon: str = ""
    css_class: str = ""
    group: str = ""
    title: str = ""
    line: str = ""
    is_shown: Callable[[dict], bool] = _is_here
    is_current: Callable[[dict], bool] = _is_here
    also_current: Callable[[dict], bool] | None = None
    badge: Callable[[dict], str] | None = None

    @cached_property
    def url(self):
        return page_url(self.url_name)


class NavigationLink(NamedTuple):
    """A `NavigationEntry` on one page; `current` is the value of its aria-current, or ""."""

    entry: NavigationEntry
    badge: str
    current: str


def links(place, context):
    """The links of `place` on the page that has `context`, a template's."""
    return tuple(
        NavigationLink(entry, entry.badge(context) if entry.badge else "", _current(entry, context))
        for entry in _entries()
        if entry.place == place and entry.is_shown(context)
    )


def is_main(found):
    """Whether the page whose `found` links of TABS these are is one of the main pages."""
    return any(link.current == "page" for link in found)


def is_of_a_matter(context):
    """Whether the page that has `context` belongs to a matter, other than by being its list."""
    return any(link.current for link in links(NavigationPlace.MATTERS, context))


def tiles():
    """The entries of the first page: the matters, then what stands beside them."""
    places = (NavigationPlace.MATTERS, NavigationPlace.INFORMATION)
    shown = [entry for entry in _entries() if entry.place in places and entry.line]
    return sorted(shown, key=lambda entry: places.index(entry.place))


def matters():
    """The titles of the matters, in their order."""
    return [
        entry.title or entry.label for entry in tiles() if entry.place == NavigationPlace.MATTERS
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
    found: list[NavigationEntry] = []
    for room in rooms.modules("navigation"):
        found += getattr(room, "ENTRIES", ())
    return sorted(found, key=lambda entry: entry.order)
