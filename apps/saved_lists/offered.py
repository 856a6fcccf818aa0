"""The saved lists above the queue."""

from dataclasses import dataclass
from typing import Any

from apps.common.addresses import page_url
from apps.desk import roles
from apps.people.models import User
from apps.queries.prepared import PreparedQuery
from apps.saved_lists.models import SavedList


@dataclass(frozen=True)
class OwnLists:
    """The lists of one reader, where they are kept, and where another one may be saved, or ""."""

    lists: list[Any]  # `SavedList`s with `is_first`
    url: str
    new_url: str

    @property
    def first(self):
        """The one on which the queue opens, or None."""
        return next((each for each in self.lists if each.is_first), None)

    def shown(self, *queries):
        """(list, whether it is the one with one of `queries`) of each."""
        return [(each, each.query in queries) for each in self.lists]


_VISIBLE = PreparedQuery(lambda user: SavedList.objects.visible_to(user), user=User)


def asks_lists(user):
    """What `lists_of` asks for, to be read together with others."""
    return _VISIBLE.asks(user=user.pk)


def lists_of(user):
    """The `OwnLists` of `user`: one query."""
    page = "admin:saved_lists_savedlist"
    return OwnLists(
        lists=_VISIBLE.read(user=user.pk),
        url=page_url(f"{page}_changelist"),
        new_url=page_url(f"{page}_new") if user.has_perm(roles.DECIDE) else "",
    )
