"""How many requests wait, told apart as `groups_of` does: there may be a million of them.

The many are counted already (`kept`). The few that somebody holds, has put away or may not decide
are looked at one by one, and so is the oldest of the others.
"""

from collections import Counter
from functools import cache

from django.db.models import F, Value

from apps.backoffice.start.counts import FIELDS, apart_by, decides, values_for
from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.common.moments import day_of
from apps.desk.models import Claim, Postponement
from apps.desk.models.claim import in_time_between
from apps.people.models import Holder
from apps.queries.prepared import PreparedQuery
from apps.reporting import kept
from apps.review import queue, second_review
from apps.review.enums import Held


def groups_of_requests(counts, *, by, at):
    """`groups_of` the requests that wait, which may be very many; with their stage as `came_back`.

    For a member of the staff who decides only those that `by` may decide. The many are read from
    `counts`, those of `kept.counts` at this moment; the few that `by` may not decide, has put away
    or that somebody holds are looked at one by one.
    """
    late_before = _late_before(at)
    free = Counter(kept.in_status(counts, *_WAITING, split=late_before))
    apart = {row.pop("pk"): row for row in _asks_apart(by, at).read()}
    groups = []
    for row in apart.values():
        way, is_withheld = row.pop("came_back_by"), row.pop("is_withheld")
        free[way, row["is_late"]] -= 1
        if not is_withheld:
            groups.append(row | {"came_back": queue.stage_of_return(way), "count": 1})
    return [*groups, *_free_groups(+free, without=apart)]


def being_amended(counts):
    """How many requests wait for their applicants, not for the desk."""
    return sum(kept.in_status(counts, *_BEING_AMENDED).values())


def _late_before(at):
    """The day since before which a request waits that is late at the moment `at`."""
    return day_of(queue.overdue_before(day_of(at)))


_WAITING = (queue.WAITING_STATUS, "came_back_by")
_BEING_AMENDED = (RequestStatus.NEEDS_AMENDMENT, "status")


def asks_of_requests(*, by, at):
    """What `groups_of_requests` and `being_amended` ask for, to be read together with others."""
    return [
        kept.asks_in_status(*_WAITING, split=_late_before(at)),
        kept.asks_in_status(*_BEING_AMENDED),
        _asks_apart(by, at),
        *(first.asks() for first in _FIRST.values()),
    ]


def _asks_apart(by, at):
    may_decide = decides(by)
    person = getattr(by, "holder", None) if may_decide else None
    query = _apart(may_decide, second_review.kind_of(by), person is not None)
    return query.asks(**values_for(by=by, at=at), person=person and person.pk)


@cache
def _apart(decides_here, kind, has_person):
    """The waiting requests that do not count as free for a reader, or that may not be decided.

    One that is found in several ways comes several times, at last as one that is withheld.
    """

    def make(account, person, **values):
        in_time = in_time_between(values["now"], values["claim_end"])
        held = Claim.objects.filter(in_time, card_request__isnull=False)
        put_away = Postponement.objects.live(values["today"]).filter(
            by=account, card_request__isnull=False
        )
        found = [(rows.values("card_request"), False) for rows in (held, put_away)]
        if decides_here:
            near = person if has_person else None
            rows = queue.withheld(kind, account=account, person=near)
            found += [(some.values("pk"), True) for some in rows]
        waiting = queue.waiting().order_by()
        told_apart = apart_by(CardRequest, "waits_since", account=account, **values)
        first, *others = (
            waiting.filter(pk__in=keys)
            .annotate(**told_apart, oldest_at=F("waits_since"), is_withheld=Value(is_withheld))
            .values("pk", "came_back_by", "oldest_at", "is_withheld", *told_apart)
            for keys, is_withheld in found
        )
        return first.union(*others, all=True)

    return PreparedQuery(make, person=Holder, **FIELDS)


def _free_groups(free, *, without):
    """The groups of those that nobody holds: `free` is {(how it came back, is late): number}."""
    oldest = _oldest(without) if free else {}
    return [
        {
            "is_away": False,
            "is_late": is_late,
            "hold": str(Held.FREE),
            "came_back": queue.stage_of_return(way),
            "count": number,
            "oldest_at": oldest[way],
        }
        for (way, is_late), number in free.items()
        if oldest.get(way)
    ]


def _oldest(without):
    """{way back: since when the first one waits whose key is not in `without`, if there is one}"""
    return {way: next(_free(way, first.read(), without), None) for way, first in _FIRST.items()}


def _free(way, first, without):
    """Yields since when those wait that came back by `way`; `first` are the first `FIRST` rows."""
    yield from (since for pk, since in first if pk not in without)
    if len(first) == FIRST:
        others = _of_way(way).exclude(pk__in=without)
        yield from others.values_list("waits_since", flat=True)[:1]


# So many of each way back are read at once: somebody may hold the first ones.
FIRST = 8


def _of_way(way):
    """The requests that wait and came back by this way, the oldest first: the end of an index."""
    return queue.waiting().filter(came_back_by=way)


def _first(way):
    return PreparedQuery(lambda: _of_way(way).values_list("pk", "waits_since")[:FIRST])


_FIRST = {way: _first(way) for way in queue.WAYS}
