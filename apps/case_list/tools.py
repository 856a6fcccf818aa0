"""Work on all requests of the list, and lists that were saved: rooms register them here.

They are higher rooms, so this one knows no URL of theirs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from apps.common.addresses import page_url


@dataclass(frozen=True)
class Tool:
    """`url_name` is the name of a page that reads `RequestFilter` from its query string."""

    words: str
    url_name: str
    permission: str

    @property
    def url(self):
        return page_url(self.url_name)


_TOOLS: list[Tool] = []


def register(tool):
    """Show `tool` beside the list, after those of the apps that were loaded before."""
    _TOOLS.append(tool)


def tools_for(user):
    """The tools that `user` may open."""
    return [tool for tool in _TOOLS if user.has_perm(tool.permission)]


_LISTS: list[tuple[Callable[..., Any], Callable[..., Any]]] = []


def show_lists(lists_of, *, asks):
    """Show above the list what `lists_of(user)` says: `apps.saved_lists.offered.OwnLists`.

    `asks(user)` is what it asks for, to be read together with others.
    """
    _LISTS.append((lists_of, asks))


def lists_of(user):
    return _LISTS[0][0](user)


def asks_lists(user):
    return _LISTS[0][1](user)
