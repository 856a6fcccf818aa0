"""How much of one kind of work there is for one reader."""

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
    Min,
    Q,
    Value,
    When,
)

from apps.cards.models import CardRequest
from apps.common.addresses import page_url
from apps.common.moments import day_of
from apps.desk import roles
from apps.desk.claims import walk
from apps.desk.filters import POSTPONED
from apps.desk.models.claim import latest_end, live_between
from apps.desk.work import Work
from apps.people.models import Holder, User
from apps.people.permissions import without_near
from apps.queries.prepared import PreparedQuery
from apps.requests.promises import decision_date
from apps.review import queue
from apps.review.enums import Age, Held, QueueStage


def groups_of(waiting, *, since, by, at, **further):
    """The `waiting` cases of a desk in groups, each with its `count` and `oldest_at`: one query.

    They wait since the moment in their column `since`. The groups tell apart what `by` has put
    away, what is late at the moment `at`, who holds a case, and the expressions `further`.
    """
    return list(_grouped(waiting, since, further, **values_for(by=by, at=at)))


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
    return query.asks(**values_for(by=by, at=at), person=person and person.pk)


@cache
def _of_desk(model, since, is_narrowed, has_person):
    def make(person, **values):
        waiting = model._default_manager.waiting()
        if is_narrowed:
            near = person if has_person else None
            waiting = without_near(waiting, account=values["account"], person=near)
        return _grouped(waiting, since, {}, **values)

    return PreparedQuery(make, person=Holder, **FIELDS)


def values_for(*, by, at):
    """What `_grouped` gets for `by` at the moment `at`; in a prepared query it gets parameters."""
    today = day_of(at)
    return {
        "account": by.pk,
        "now": at,
        "claim_end": latest_end(at),
        "today": today,
        "late_before": queue.overdue_before(today),
    }


FIELDS = {
    "account": User,
    "now": DateTimeField(),
    "claim_end": DateTimeField(),
    "today": DateField(),
    "late_before": DateTimeField(),
}


def _grouped(waiting, since, further, **values):
    apart = apart_by(waiting.model, since, **values) | further
    grouped = waiting.order_by().annotate(**apart).values(*apart)
    return grouped.annotate(count=Count("pk"), oldest_at=Min(since))


def apart_by(model, since, *, account, now, claim_end, today, late_before):
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
