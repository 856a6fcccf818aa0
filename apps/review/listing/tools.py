"""Work on all requests of the list. The rooms that do it register their pages here.

They are higher rooms, so this one knows no URL of theirs.
"""

from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True)
class Tool:
    """`url_name` is the name of a page that reads `RequestFilter` from its query string."""

    words: str
    url_name: str
    permission: str

    @property
    def url(self):
        return reverse(self.url_name)


_TOOLS: list[Tool] = []


def register(tool):
    """Show `tool` beside the list, after those of the apps that were loaded before."""
    _TOOLS.append(tool)


def tools_for(user):
    """The tools that `user` may open."""
    return [tool for tool in _TOOLS if user.has_perm(tool.permission)]
