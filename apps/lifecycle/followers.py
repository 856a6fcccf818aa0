"""Moving the rows that follow another row (`Follows` in their table), in its transaction."""

from functools import cache

from django.apps import apps
from django.db.models import F

from apps.lifecycle.models import Living
from apps.lifecycle.tables import LIFECYCLES
from apps.lifecycle.writing import locked, write_alike


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
        rows = model._base_manager.filter(
            **{f"{follower.follows.path}__in": pks},
            status__in=sorted(follower.moves[own].sources),
        )
        found = list(locked(rows.order_by("pk")).values_list("pk", flat=True))
        if not found:
            continue
        ends = [F(clock.ends_at) for clock in follower.clocks if clock.action == own]
        whom = {"by": by, "role": role, "at": at, "channel": channel}
        details = follower.follows.details
        columns = details(action, at) if details else {}
        write_alike(model, found, own, due_at=next(iter(ends), None), **whom, **columns)
        move_followers(follower, own, found, **whom)


@cache
def model_of(name):
    """The model that lives by the lifecycle `name`."""
    living = (model for model in apps.get_models() if issubclass(model, Living))
    return next(model for model in living if model.lifecycle.name == name)
