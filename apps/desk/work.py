"""What the first page of the desk shows: a `Work` for each kind, and the parts of the rooms.

A room that has work of its own for a role without cases lists its `PARTS` in its `desk_start.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from apps.common import rooms


@dataclass(frozen=True)
class Work:
    """One kind of work: how much there is, since when, and where it is done.

    `promise_date` is the day by which the oldest one is to be decided; kinds without a promise have
    none. `put_away` are those that the reader put away (稍后办): they count nowhere else. An empty
    address is one that the reader may not open. `references` are the oldest: (reference, address).
    """

    key: str
    title: str
    count: int
    unit: str = "件"
    oldest_at: datetime | None = None
    promise_date: date | None = None
    overdue: int = 0
    mine: int | None = None
    free: int | None = None
    put_away: int = 0
    url: str = ""
    mine_url: str = ""
    put_away_url: str = ""
    free_url: str = ""
    overdue_url: str = ""
    next_url: str = ""
    note: str = ""
    references: tuple[tuple[str, str], ...] = ()

    @property
    def others(self):
        """How many of them colleagues hold; None for a kind without claims."""
        return None if self.free is None else self.count - (self.mine or 0) - self.free


@dataclass(frozen=True)
class StartPart:
    """What those with `permission` begin with, who read no cases.

    `collect` is called with the moment and returns the `part` that `template` draws under `title`
    and `about`.
    """

    permission: str
    title: str
    about: str
    template: str
    collect: Callable[[datetime], dict]


def parts_for(user):
    """The `StartPart`s of all rooms that `user` may see."""
    found = [part for room in rooms.modules("desk_start") for part in room.PARTS]
    return [part for part in found if user.has_perm(part.permission)]
