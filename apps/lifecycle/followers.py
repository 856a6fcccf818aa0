"""What else a move writes in its transaction: rows that follow, and statuses that have ended."""

from functools import cache

from django.apps import apps
from django.db.models import F, Q

from apps.events.enums import Role
from apps.lifecycle.models import Living
from apps.lifecycle.tables import LIFECYCLES
from apps.lifecycle.writing import bring_up_to_date, columns_of, locked, write_alike
from apps.queries.arrays import among
from apps.queries.prepared import PreparedQuery


def followers_of(lifecycle, action):
    """[(lifecycle that follows, its action)] when a row of `lifecycle` is moved by `action`."""
    return [
        (life, life.follows.moves[action])
        for life in LIFECYCLES
        if life.follows and life.follows.lifecycle is lifecycle and action in life.follows.moves
    ]


def move_followers(lifecycle, action, pks, *, by, role, at, channel):
    """Move the rows that follow the rows `pks` of `lifecycle`, which were moved by `action`.

    Call it in the transaction of that move. It waits for rows that others hold; rows that are in
    no source of their action stay as they are. A status that the clock ended is written down as
    due at its end.
    """
    for follower, own in followers_of(lifecycle, action):
        model = model_of(follower.name)
        if len(pks) == 1:
            found = [row.pk for row in _following(model, own).read(leader=pks[0])]
        else:
            rows = _that_follow(model, own, among(follower.follows.path, pks))
            found = list(rows.values_list("pk", flat=True))
        if not found:
            continue
        ends = [F(clock.ends_at) for clock in follower.clocks if clock.action == own]
        whom = {"by": by, "role": role, "at": at, "channel": channel}
        details = follower.follows.details
        columns = details(action, at) if details else {}
        write_alike(model, found, own, due_at=next(iter(ends), None), **whom, **columns)
        move_followers(follower, own, found, **whom)


def _that_follow(model, own, of_leaders):
    """The rows of `model` that follow leaders by the action `own`, locked when they are read."""
    sources = sorted(model.lifecycle.moves[own].sources)
    return locked(model._base_manager.filter(of_leaders, status__in=sources).order_by("pk"))


@cache
def _following(model, own):
    """`_that_follow` one row, the `leader`."""
    path = model.lifecycle.follows.path
    leader = model._meta.get_field(path).remote_field.model
    return PreparedQuery(
        lambda leader: _that_follow(model, own, Q(**{path: leader})).only("pk"), leader=leader
    )


def write_down_ends(rows, action, *, at, channel):
    """Write down which of the list `rows` of one model the clock has ended before `action`.

    The end is recorded before any other move, because that move starts from the next status. The
    rows must be locked; those in memory are brought up to date.
    """
    if not rows:
        return
    model, lifecycle = type(rows[0]), rows[0].lifecycle
    for clock in lifecycle.other_clocks(action):
        over = [row for row in rows if lifecycle.ended(row, at) is clock]
        write_down_end(model, clock, [row.pk for row in over], at=at, channel=channel)
        for row in over:
            began = max(at, row.status_since)
            bring_up_to_date(row, columns_of(lifecycle.moves[clock.action], row.status, began))


def write_down_ends_of(model, pks, action, *, at, channel):
    """`write_down_ends` for the rows `pks` of `model`, which are not in memory."""
    for clock in model.lifecycle.other_clocks(action):
        over = model.lifecycle.due(clock.action, at)
        found = model._base_manager.filter(among("pk", pks)).filter(over)
        keys = list(found.values_list("pk", flat=True))
        write_down_end(model, clock, keys, at=at, channel=channel)


def write_down_end(model, clock, pks, *, at, channel):
    """Write down that `clock` has ended the status of the rows `pks` of `model`, as due then."""
    if pks:
        details = {"by": None, "role": Role.WORKER, "at": at, "channel": channel}
        write_alike(model, pks, clock.action, due_at=F(clock.ends_at), **details)
        move_followers(model.lifecycle, clock.action, pks, **details)


@cache
def model_of(name):
    """The model that lives by the lifecycle `name`."""
    living = (model for model in apps.get_models() if issubclass(model, Living))
    return next(model for model in living if model.lifecycle.name == name)
