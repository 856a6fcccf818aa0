"""The counts as of now: those that are kept, and what the newest events change in them.

Read under `one_moment`, they are exact: a request whose events are newer than what it was counted
for is counted anew, in memory.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    Max,
    OuterRef,
    Q,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce

from apps.cards.enums import CardAction
from apps.cards.lifecycle import CARD, REQUEST
from apps.cards.models import CardRequest
from apps.common.moments import DayOf
from apps.common.working_days import read_once
from apps.events.models import Event
from apps.queries.one_moment import one_moment
from apps.queries.prepared import PreparedQuery
from apps.queries.together import read_together
from apps.reporting.models import (
    SHARED,
    CountedRequest,
    CountingProgress,
    InHandCount,
    StatusCount,
    Tally,
)
from apps.reporting.shares import Happened, Standing, packed, shares_of, unpacked

# With more events than this to count, they are left to the worker, and whoever reads is told.
MOST_BESIDE = 2000


@dataclass(frozen=True)
class Counts:
    """`beside` are {tally: Counter of its keys} to be added to the rows, if there `are_rows`.

    `uncounted`: about how many events are in neither.
    """

    beside: Mapping[type[Tally], Counter] = field(default_factory=dict)
    uncounted: int = 0
    are_rows: bool = True

    def by(self, tally, *columns, since=None, split=None, **only):
        """{values of `columns`: number} of one tally, from the day `since` on, where `only`.

        With `split`, a day too, the values end with whether it was earlier than that day.
        """
        found: Counter[tuple] = Counter()
        if self.are_rows:
            for *key, number in _asks(tally, columns, since, split, only).read():
                found[tuple(key)] += number
        for key, number in self.beside.get(tally, {}).items():
            values = tally.values_of(key)
            is_in_time = since is None or values[tally.DAY] >= since
            if is_in_time and all(values[name] == value for name, value in only.items()):
                is_before = () if split is None else (values[tally.DAY] < split,)
                found[(*(values[name] for name in columns), *is_before)] += number
        return {values: number for values, number in found.items() if number}


def _asks(tally, columns, since, split, only):
    days = {"since": since, "split": split}
    values = {name: day for name, day in days.items() if day is not None} | only
    return _sums(tally, columns, tuple(values)).asks(**values)


@cache
def _sums(tally, columns, chosen):
    """The numbers of `tally` by `columns`; `chosen` are names of columns, "since" and "split"."""

    def make(since=None, split=None, **only):
        if since is not None:
            only[f"{tally.DAY}__gte"] = since
        return _summed(tally.objects.filter(**only), columns, tally.DAY, split, Sum("number"))

    fields = {name: tally.DAY if name in ("since", "split") else name for name in chosen}
    return PreparedQuery(make, **{name: tally._meta.get_field(one) for name, one in fields.items()})


def _summed(rows, columns, day, split, total):
    """The `total` of `rows` by `columns`; with `split` also by whether their `day` is before it."""
    if split is not None:
        is_before = ExpressionWrapper(Q(**{f"{day}__lt": split}), output_field=BooleanField())
        rows, columns = rows.annotate(is_before=is_before), (*columns, "is_before")
    return rows.values_list(*columns).annotate(total=total)


@contextmanager
def counts():
    """Yields the `Counts` of this moment, which is held while they are read."""
    with read_once(), one_moment():
        yield _counts()


@contextmanager
def counts_with(*asked):
    """As `counts`, for who reads nothing but `asked` (apps/queries/together.py) at this moment.

    While everything is counted that is one statement, which needs no transaction to see one moment.
    """
    with read_once(), read_together(_NOT_COUNTED.asks(), *asked):
        if not _NOT_COUNTED.read():
            yield Counts()
            return
    with counts() as found, read_together(*asked):
        yield found


def _counts():
    events = _NOT_COUNTED.read()
    if len(events) > MOST_BESIDE:
        unseen = _newest_event() - _seen_event()
        return Counts(uncounted=max(unseen, MOST_BESIDE))
    return Counts(beside=differences(recounted(events)))


def _newest_event():
    return Event.objects.aggregate(newest=Max("pk"))["newest"]


def _seen_event():
    seen = CountingProgress.objects.values_list("seen_event_id", flat=True)
    return seen.filter(pk=CountingProgress.ONLY).first() or 0


def unseen():
    """The events that came after the last count."""
    return Event.objects.filter(pk__gt=_seen_event())


def behind(since):
    """(pk, kind, subject) of the events after number `since` that are not counted, in their order.

    `since` may be an expression.
    They are moves of requests, and activations of the cards that requests led to.
    """
    counted = CountedRequest.objects.filter(
        card_request=OuterRef("subject_id"), last_event_id__gte=OuterRef("pk")
    )
    activated = CountedRequest.objects.filter(card_request=OuterRef("pk"), is_activated=True)
    requests = CardRequest.objects.filter(card=OuterRef("subject_id"))
    moved = Q(subject_kind=REQUEST.name) & ~Exists(counted)
    taken_into_use = Q(subject_kind=CARD.name, action=CardAction.ACTIVATE) & Exists(
        requests.filter(~Exists(activated))
    )
    events = Event.objects.filter(moved | taken_into_use, pk__gt=since).order_by("pk")
    return events.values_list("pk", "subject_kind", "subject_id")


def _not_counted():
    settled = CountingProgress.objects.filter(pk=CountingProgress.ONLY)
    since = Coalesce(Subquery(settled.values("settled_event_id")), 0)
    return behind(since)[: MOST_BESIDE + 1]


_NOT_COUNTED = PreparedQuery(_not_counted)


@dataclass(frozen=True)
class Recounted:
    """What a request counts for now, as the row `counted` that is not saved yet, and before."""

    counted: CountedRequest
    before: Counter
    after: Counter


def in_status(counts, status, *columns, split=None):
    """{values of `columns`: number} of the requests in hand that are in `status`.

    `columns` are columns of `StatusCount`. With `split`, a day, the values end with whether they
    are in it since before that day. Exact in any case: with too much that is not counted, the
    requests themselves are asked.
    """
    if not counts.uncounted:
        return counts.by(StatusCount, *columns, status=status, split=split)
    requests = CardRequest.objects.filter(status=status)
    requests = requests.annotate(since_date=DayOf("waits_since"))
    rows = _summed(requests, columns, "since_date", split, Count("pk"))
    return {tuple(values): number for *values, number in rows}


def asks_in_status(status, *columns, split=None):
    """What `in_status` asks for while everything is counted, to be read together with others."""
    return _asks(StatusCount, columns, None, split, {"status": status})


def recounted(events):
    """A `Recounted` for each request that `events`, as of `behind`, are about: five queries."""
    if not events:
        return []
    cards = {subject for _, kind, subject in events if kind == CARD.name}
    requests = {subject for _, kind, subject in events if kind == REQUEST.name}
    requests |= set(CardRequest.objects.filter(card__in=cards).values_list("pk", flat=True))
    before = CountedRequest.objects.in_bulk(requests)
    # Events first: a row that is newer than its events is counted once more because of the next.
    lives = _lives(requests)
    rows = _standings(lives)
    return [_recounted(row, lives[row.pk], before.get(row.pk)) for row in rows]


def _recounted(card_request, life, before):
    shares = shares_of(card_request, life)
    counted = CountedRequest(
        card_request_id=card_request.pk,
        last_event_id=life[-1].pk,
        is_activated=card_request.is_activated,
        shares=packed(shares),
    )
    return Recounted(counted, before=unpacked(before.shares) if before else Counter(), after=shares)


def _lives(requests):
    """{request: its events as `Happened`}"""
    found = defaultdict(list)
    events = Event.objects.of_kind(REQUEST).filter(subject_id__in=requests).order_by("pk")
    columns = events.annotate(day=DayOf("at")).values_list("subject_id", *Happened._fields)
    for subject, *values in columns:
        found[subject].append(Happened(*values))
    return found


def _standings(requests):
    """The rows of `requests` as a list of `Standing`."""
    activations = Event.objects.of_kind(CARD).filter(
        action=CardAction.ACTIVATE, subject_id=OuterRef("card")
    )
    rows = CardRequest.objects.filter(pk__in=requests).annotate(
        since_date=DayOf("waits_since"), is_activated=Exists(activations)
    )
    return [Standing(*values) for values in rows.values_list(*Standing._fields)]


def differences(found):
    """{tally: Counter of what `found`, a list of `Recounted`, changes in it}"""
    changes = {tally: Counter[tuple]() for tally in SHARED}
    for one in found:
        for (tally, key), number in one.after.items():
            changes[tally][key] += number
        for (tally, key), number in one.before.items():
            changes[tally][key] -= number
    changes[StatusCount] = StatusCount.sums_of(changes[InHandCount])
    return {
        tally: Counter({key: number for key, number in counter.items() if number})
        for tally, counter in changes.items()
    }
