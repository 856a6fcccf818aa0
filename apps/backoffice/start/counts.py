"""How much of one kind of work there is for one reader."""

from collections import Counter
from dataclasses import replace
from functools import cache
from urllib.parse import urlencode

from django.db.models import (
    BooleanField,
    Case,
    Count,
    DateField,
    DateTimeField,
    ExpressionWrapper,
    F,
    Min,
    Q,
    Value,
    When,
)

from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.common.addresses import page_url
from apps.common.moments import day_of
from apps.desk import roles
from apps.desk.claims import walk
from apps.desk.filters import POSTPONED
from apps.desk.models import Claim, Postponement
from apps.desk.models.claim import in_time_between, latest_end, live_between
from apps.desk.work import Work
from apps.people.models import Holder, User
from apps.people.permissions import without_near
from apps.queries.prepared import PreparedQuery
from apps.reporting import kept
from apps.requests.promises import decision_date
from apps.review import queue, second_review
from apps.review.enums import Age, Held, QueueStage


def groups_of(waiting, *, since, by, at, **further):
    """The `waiting` cases of a desk in groups, each with its `count` and `oldest_at`: one query.

    They wait since the moment in their column `since`. The groups tell apart what `by` has put
    away, what is late at the moment `at`, who holds a case, and the expressions `further`.
    """
    return list(_grouped(waiting, since, further, **_values(by, at)))


def groups_of_desk(model, *, since, by, at):
    """`groups_of` what waits at the desk of `model`, a small one.

    For a member of the staff who decides only what `by` may decide.
    """
    return asks_of_desk(model, since=since, by=by, at=at).read()


def asks_of_desk(model, *, since, by, at):
    """What `groups_of_desk` asks for, to be read together with others."""
    may_decide = decides(by)
    person = getattr(by, "holder", None) if may_decide else None
    query = _of_desk(model, since, may_decide, person is not None)
    return query.asks(**_values(by, at), person=person and person.pk)


@cache
def _of_desk(model, since, is_narrowed, has_person):
    def make(person, **values):
        waiting = model._default_manager.waiting()
        if is_narrowed:
            near = person if has_person else None
            waiting = without_near(waiting, account=values["account"], person=near)
        return _grouped(waiting, since, {}, **values)

    return PreparedQuery(make, person=Holder, **_FIELDS)


def _values(by, at):
    """What `_grouped` gets for `by` at the moment `at`; in a prepared query it gets parameters."""
    today = day_of(at)
    return {
        "account": by.pk,
        "now": at,
        "claim_end": latest_end(at),
        "today": today,
        "late_before": queue.overdue_before(today),
    }


_FIELDS = {
    "account": User,
    "now": DateTimeField(),
    "claim_end": DateTimeField(),
    "today": DateField(),
    "late_before": DateTimeField(),
}


def _grouped(waiting, since, further, **values):
    apart = _apart_by(waiting.model, since, **values) | further
    grouped = waiting.order_by().annotate(**apart).values(*apart)
    return grouped.annotate(count=Count("pk"), oldest_at=Min(since))


def _apart_by(model, since, *, account, now, claim_end, today, late_before):
    """What tells the groups apart."""
    live = live_between(now, claim_end, today, prefix="claim__")
    late = Q(**{f"{since}__lt": late_before})
    return {
        "is_away": walk.put_away_by(model, account=account, today=today),
        "is_late": ExpressionWrapper(late, output_field=BooleanField()),
        "hold": Case(
            When(live & Q(claim__by=account), then=Value(str(Held.MINE))),
            When(live, then=Value(str(Held.OTHERS))),
            default=Value(str(Held.FREE)),
        ),
    }


def groups_of_requests(counts, *, by, at):
    """`groups_of` the requests that wait, which may be very many; with their stage as `came_back`.

    For a member of the staff who decides only those that `by` may decide. The many are read from
    `counts`, those of `kept.counts` at this moment; the few that `by` may not decide, has put away
    or that somebody holds are looked at one by one.
    """
    free = Counter(kept.in_status(counts, *_WAITING))
    apart = {row.pop("pk"): row for row in _asks_apart(by, at).read()}
    groups = []
    for row in apart.values():
        way, is_withheld = row.pop("came_back_by"), row.pop("is_withheld")
        free[way, day_of(row["oldest_at"])] -= 1
        if not is_withheld:
            groups.append(row | {"came_back": queue.stage_of_return(way), "count": 1})
    return [*groups, *_free_groups(+free, without=apart, at=at)]


def being_amended(counts):
    """How many requests wait for their applicants, not for the desk."""
    return sum(kept.in_status(counts, *_BEING_AMENDED).values())


_WAITING = (queue.WAITING_STATUS, "came_back_by", "since_date")
_BEING_AMENDED = (RequestStatus.NEEDS_AMENDMENT, "status")


def asks_of_requests(*, by, at):
    """What `groups_of_requests` and `being_amended` ask for, to be read together with others."""
    in_status = [kept.asks_in_status(*one) for one in (_WAITING, _BEING_AMENDED)]
    return [*in_status, _asks_apart(by, at), *(first.asks() for first in _FIRST.values())]


def _asks_apart(by, at):
    may_decide = decides(by)
    person = getattr(by, "holder", None) if may_decide else None
    query = _apart(may_decide, second_review.kind_of(by), person is not None)
    return query.asks(**_values(by, at), person=person and person.pk)


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
        told_apart = _apart_by(CardRequest, "waits_since", account=account, **values)
        first, *others = (
            waiting.filter(pk__in=keys)
            .annotate(**told_apart, oldest_at=F("waits_since"), is_withheld=Value(is_withheld))
            .values("pk", "came_back_by", "oldest_at", "is_withheld", *told_apart)
            for keys, is_withheld in found
        )
        return first.union(*others, all=True)

    return PreparedQuery(make, person=Holder, **_FIELDS)


def _free_groups(free, *, without, at):
    """The groups of those that nobody holds: `free` is {(how it came back, day): number}."""
    if not free:
        return []
    oldest = _oldest(without)
    late_before = day_of(queue.overdue_before(day_of(at)))
    counted: Counter[tuple[str, bool]] = Counter()
    for (way, since), number in free.items():
        counted[way, since < late_before] += number
    return [
        {
            "is_away": False,
            "is_late": is_late,
            "hold": str(Held.FREE),
            "came_back": queue.stage_of_return(way),
            "count": number,
            "oldest_at": oldest[way],
        }
        for (way, is_late), number in counted.items()
        if oldest.get(way)
    ]


def _oldest(without):
    """{way back: since when the first one waits whose key is not in `without`}"""
    oldest = {}
    for way, first in _FIRST.items():
        rows = first.read()
        free = [since for pk, since in rows if pk not in without]
        if not free and len(rows) == FIRST:  # all of these are apart, and there may be others
            free = _of_way(way).exclude(pk__in=without).values_list("waits_since", flat=True)[:1]
        oldest |= {way: since for since in free[:1]}
    return oldest


# So many of each way back are read at once: somebody may hold the first ones.
FIRST = 8


def _of_way(way):
    """The requests that wait and came back by this way, the oldest first: the end of an index."""
    return queue.waiting().filter(came_back_by=way)


def _first(way):
    return PreparedQuery(lambda: _of_way(way).values_list("pk", "waits_since")[:FIRST])


_FIRST = {way: _first(way) for way in queue.WAYS}


def of_cases(model, groups, *, by, **words):
    """The `Work` for `by` of the cases of `model` in `groups`."""
    here = [group for group in groups if not group["is_away"]]
    mine, free = (
        sum(group["count"] for group in here if group["hold"] == hold)
        for hold in (Held.MINE, Held.FREE)
    )
    oldest_at = min((group["oldest_at"] for group in here), default=None)
    page, may_decide = page_of(model), decides(by)
    return Work(
        **words,
        count=sum(group["count"] for group in here),
        oldest_at=oldest_at,
        promise_date=decision_date(oldest_at) if oldest_at else None,
        overdue=sum(group["count"] for group in here if group["is_late"]),
        mine=mine if may_decide else None,
        free=free,
        put_away=sum(group["count"] for group in groups if group["is_away"]),
        put_away_url=f"{page_url(f'{page}_changelist')}?state={POSTPONED}",
        url=page_url(f"{page}_changelist"),
        next_url=page_url(f"{page}_next") if may_decide and mine + free else "",
    )


def of_requests(stage, groups, *, title, by):
    """The `Work` for `by` of the requests of one `stage` of the queue's own filter."""
    work = of_cases(CardRequest, groups, by=by, key=stage, title=title)

    def url(**filters):
        return f"{work.url}?{query_string(stage=stage, **filters)}"

    return replace(
        work,
        url=url(),
        mine_url=url(held=Held.MINE),
        put_away_url=url(held=Held.POSTPONED),
        free_url=url(held=Held.FREE),
        overdue_url=url(age=Age.OVERDUE),
        # The queue is sorted by the promised day, whatever stage a case is in.
        next_url=work.next_url if stage == QueueStage.WAITING else "",
    )


@cache
def query_string(**filters):
    """The query string of a list with these filters, whose values are words of the portal."""
    return urlencode(filters)


def decides(user):
    return user.has_perm(roles.DECIDE)


def page_of(model):
    """The beginning of the names of the pages of `model` in the admin."""
    return f"admin:{model._meta.app_label}_{model._meta.model_name}"
