"""The list that a reviewer came from, and the way through it from case to case.

The query string of the list stands in the address of the case, under the name by which Django's
own lists carry it. So two windows with two lists do not disturb each other.
"""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, QuerySet
from django.http import QueryDict

from apps.common.moments import day_of
from apps.desk import keyset
from apps.desk.filters import ALL, POSTPONED
from apps.desk.models import Claim, Postponement

FROM = "_changelist_filters"


@dataclass(frozen=True)
class Listed:
    """The `cases` of a list, and those `to_decide` for one reviewer; both in no order yet.

    They are sorted by the moment in the column `since`. `walked` are those to which 下一件 leads.
    """

    cases: QuerySet
    to_decide: QuerySet
    since: str
    newest_first: bool = False
    is_waiting: bool = True

    @property
    def walked(self):
        return self.to_decide if self.is_waiting else self.cases

    def ordered(self, cases, *, after=None):
        """`cases` in the order of the list; with `after`, a key, those that come after it."""
        if after is not None:
            cases = keyset.beyond(cases, self.since, after, ascending=not self.newest_first)
        return keyset.in_order(cases, self.since, ascending=not self.newest_first)

    def key(self, subject):
        return getattr(subject, self.since), subject.pk


@dataclass(frozen=True)
class NextCase:
    """The reference of the next free case, or "".

    `is_around` says that the list was seen to its end, and that this one is before it.
    """

    reference: str
    is_around: bool


def query_of(request):
    """The query string of the list that the address of `request` carries; "" for the usual list."""
    return request.GET.get(FROM, "")


def suffix(query):
    """What an address gets so that it carries the list with this query string."""
    return f"?{urlencode({FROM: query})}" if query else ""


def next_case(listed, subject, *, by, at):
    """The `NextCase` after `subject` in its list, and from the first case on after the last one."""
    free = listed.walked.exclude(pk=subject.pk).exclude(
        claim__in=Claim.objects.live(at).exclude(by=by)
    )
    found = _first(listed.ordered(free, after=listed.key(subject)))
    if found:
        return NextCase(found, is_around=False)
    found = _first(listed.ordered(free))
    # A case that has left the list, as one that was just decided, is not its end.
    is_around = bool(found) and listed.cases.filter(pk=subject.pk).exists()
    return NextCase(found, is_around=is_around)


def _first(cases):
    return cases.values_list("reference", flat=True).first() or ""


def own(cases, *, by, at):
    """Those of `cases` that `by` has put away."""
    return cases.filter(is_put_away(cases.model, by=by, at=at))


def without_own(cases, *, by, at):
    """`cases` without those that `by` has put away."""
    return cases.exclude(is_put_away(cases.model, by=by, at=at))


def is_put_away(model, *, by, at):
    """The condition on cases of `model` that `by` has put them away."""
    return put_away_by(model, account=by and by.pk, today=day_of(at))


def put_away_by(model, *, account, today):
    """`is_put_away` by the account with the key `account`, on the day `today`."""
    mine = Postponement.objects.live(today).filter(by=account, at__gte=OuterRef("status_since"))
    return Exists(mine.about_outer(model))


def by_state(query, *, opens_on, waiting, since, by, at):
    """The `Listed` of a list of the admin with the filter `WaitingFirst`.

    `waiting` are the cases that `by` may decide.
    """
    state = QueryDict(query).get("state") or opens_on
    cases = waiting.model._default_manager.all()
    to_decide = without_own(waiting, by=by, at=at)
    if state == POSTPONED:
        put_away = own(waiting, by=by, at=at)
        return Listed(put_away, put_away, since)
    listed = Listed(cases, to_decide, since, is_waiting=state == opens_on)
    return listed if state == ALL else replace(listed, cases=cases.in_status(state, at=at))
