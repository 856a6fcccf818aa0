"""Lists of the bureau's desk, newest first. A cursor is used, so that no page counts all rows."""

from dataclasses import dataclass
from typing import Any

from apps.desk import keyset
from apps.encryption import public_keys

SIZE = 50
OLDEST = "oldest"


@dataclass(frozen=True)
class Sorting:
    """How the column of the moment is sorted, as templates/desk/_sorted.html draws it."""

    way: str
    arrow: str
    words: str
    following: str  # what the next page holds
    query: str


@dataclass(frozen=True)
class RowPage:
    """`following` is the query string of the next page, or ""."""

    rows: list[Any]
    following: str
    sort: Sorting


def page_of(rows, params, *, by):
    """A `RowPage` of `rows` by the moment `by`, a column with an index together with the key.

    `params` (a request's GET) may ask for the oldest first, and names the row after which the page
    begins. An invalid one means the first page.
    """
    is_oldest_first = params.get("sort") == OLDEST
    cursor = public_keys.in_data(params, "after", rows.model)
    key = cursor and rows.model._default_manager.filter(pk=cursor).values_list(by, "pk").first()
    if key:
        rows = keyset.beyond(rows, by, key, ascending=is_oldest_first)
    found = list(keyset.in_order(rows, by, ascending=is_oldest_first)[: SIZE + 1])
    has_more, found = len(found) > SIZE, found[:SIZE]
    following = _query(params, after=public_keys.of(found[-1])) if has_more else ""
    return RowPage(found, following and f"?{following}", _sorting(params, is_oldest_first))


def _sorting(params, is_oldest_first):
    if is_oldest_first:
        return Sorting("ascending", "↑", "最近的在前", "更晚的", _query(params, sort=""))
    return Sorting("descending", "↓", "最早的在前", "更早的", _query(params, sort=OLDEST))


def _query(params, **more):
    """The query string of `params` with `more`; a page in another order begins at the start."""
    query = params.copy()
    query.pop("after", None)
    for name, value in more.items():
        query[name] = value
        if not value:
            del query[name]
    return query.urlencode()


def choice(value, choices):
    """The member of the enumeration `choices` that `value` names, or None."""
    return choices(value) if value in choices.values else None
