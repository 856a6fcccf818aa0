"""What the database itself refuses to change, whoever writes: the guards of all rooms.

A room lists its own in `guarded.py` as `GUARDS`; a migration of it calls `append_only.protect` for
each, and `grants` gives the application's role no more than the guard lets through.
"""

from dataclasses import dataclass

from apps.common import rooms


@dataclass(frozen=True)
class Guard:
    """One guarded table. Rows are added; by default nothing of them is changed or deleted.

    `changeable` are the columns that may be written again, `once` those that may be written while
    they are empty. `deletable` is the SQL condition, on `OLD`, of the rows that may be deleted.
    """

    table: str
    changeable: tuple[str, ...] = ()
    once: tuple[str, ...] = ()
    deletable: str = ""


def all_guards():
    """The guards of every room, in the order of the apps."""
    return [guard for room in rooms.modules("guarded") for guard in room.GUARDS]
