"""What can be done with all requests of the list: each room that does it registers its page.

The rooms stand above this one, which names none of their addresses.
"""

from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True)
class Tool:
    """`url_name` is of a page that reads `RequestFilter` from its query string."""

    words: str
    url_name: str
    permission: str

    @property
    def url(self):
        return reverse(self.url_name)


_TOOLS: list[Tool] = []


def register(tool):
    """Offer `tool` beside the list, after those of the apps that were loaded before."""
    _TOOLS.append(tool)


def tools_for(user):
    """The tools that `user` may open."""
    return [tool for tool in _TOOLS if user.has_perm(tool.permission)]
