"""How much of one kind of work there is for one reader."""

from collections import Counter
from dataclasses import replace
from datetime import date
from functools import cache, reduce
from operator import or_
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
from apps.common.moments import day_of, end_of
from apps.common.prepared import PreparedQuery
from apps.desk import roles
from apps.desk.claims import walk
from apps.desk.filters import POSTPONED
from apps.desk.models import Claim, Postponement
from apps.desk.models.claim import in_time, latest_end, live_between
from apps.desk.work import Work
from apps.people.models import Holder, User
from apps.people.permissions import without_near
from apps.reporting import kept
from apps.requests.promises import decision_date
from apps.review import queue
from apps.review.enums import Age, Held, QueueStage


def groups_of(waiting, *, since, by, at, **further):
    """The `waiting` cases of a desk in groups, each with its `count` and `oldest_at`: one query.

    They wait since the moment in their column `since`. The groups tell apart what `by` has put
    away, what is late at the moment `at`, who holds a case, and the expressions `further`.
    """
    return list(_grouped(waiting, since, **_values(by, at), **further))


def groups_of_desk(model, *, since, by, at):
    """`groups_of` what waits at the desk of `model`, a small one.

    For a member of the staff who decides only what `by` may decide.
    """
    person = getattr(by, "holder", None) if decides(by) else None
    query = _of_desk(model, since, decides(by), person is not None)
    return query.read(**_values(by, at), person=person and person.pk)


@cache
def _of_desk(model, since, is_narrowed, has_person):
    def make(person, **values):
        waiting = model._default_manager.waiting()
        if is_narrowed:
            near = person if has_person else None
            waiting = without_near(waiting, account=values["account"], person=near)
        return _grouped(waiting, since, **values)

    return PreparedQuery(
        make,
        account=User,
        person=Holder,
        today=DateField(),
        now=DateTimeField(),
        claim_end=DateTimeField(),
        late_before=DateTimeField(),
    )


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


def _grouped(waiting, since, *, account, now, claim_end, today, late_before, **further):
    live = live_between(now, claim_end, today, prefix="claim__")
    late = Q(**{f"{since}__lt": late_before})
    apart = {
        "is_away": walk.put_away_by(waiting.model, account=account, today=today),
        "is_late": ExpressionWrapper(late, output_field=BooleanField()),
        "hold": Case(
            When(live & Q(claim__by=account), then=Value(str(Held.MINE))),
            When(live, then=Value(str(Held.OTHERS))),
            default=Value(str(Held.FREE)),
        ),
        **further,
    }
    grouped = waiting.order_by().annotate(**apart).values(*apart)
    return grouped.annotate(count=Count("pk"), oldest_at=Min(since))


def groups_of_requests(*, by, at):
    """`groups_of` the requests that wait, which may be very many; with their stage as `came_back`.

    For a member of the staff who decides only those that `by` may decide. The many are read from
    the counts that `apps.reporting` keeps; the few that `by` may not decide, has put away or that
    somebody holds are looked at one by one.
    """
    with kept.counts() as counts:
        free = Counter(kept.in_status(counts, queue.WAITING_STATUS, "came_back_by", "since_date"))
        apart, withheld = _apart(by, at)
        groups = []
        if apart:
            rows = queue.waiting().filter(pk__in=apart)
            for way, since in rows.values_list("came_back_by", "waits_since"):
                free[way, day_of(since)] -= 1
            some, ways = rows.exclude(pk__in=withheld), {"came_back": queue.came_back()}
            groups = groups_of(some, since="waits_since", by=by, at=at, **ways)
        return [*groups, *_free_groups(+free, without=apart, at=at)]


def _apart(by, at):
    """The keys of the requests that do not count as free for `by`, or may not; and the withheld.

    Withheld are those of them that `by` may not decide on.
    """
    held = Claim.objects.filter(in_time(at), card_request__isnull=False)
    put_away = Postponement.objects.live(day_of(at)).filter(by=by, card_request__isnull=False)
    found = [(rows, "card_request", False) for rows in (held, put_away)]
    if decides(by):
        found += [(rows, "pk", True) for rows in queue.withheld_from(by)]
    first, *others = (
        rows.annotate(is_withheld=Value(is_withheld)).values_list(key, "is_withheld")
        for rows, key, is_withheld in found
    )
    keys = list(first.union(*others, all=True))
    return {key for key, _ in keys}, {key for key, is_withheld in keys if is_withheld}


def _free_groups(free, *, without, at):
    """The groups of those that nobody holds: `free` is {(how it came back, day): number}."""
    if not free:
        return []
    first: dict[str, date] = {}
    for way, since in free:
        first[way] = min(since, first.get(way, since))
    of_first_days = reduce(
        or_, (Q(came_back_by=way, waits_since__lt=end_of(day)) for way, day in first.items())
    )
    rows = queue.waiting().order_by().exclude(pk__in=without).filter(of_first_days)
    oldest = dict(rows.values_list("came_back_by").annotate(oldest_at=Min("waits_since")))
    late_before = day_of(queue.overdue_before(day_of(at)))
    return [
        {
            "is_away": False,
            "is_late": since < late_before,
            "hold": str(Held.FREE),
            "came_back": queue.stage_of_return(way),
            "count": number,
            "oldest_at": oldest[way],
        }
        for (way, since), number in free.items()
        if way in oldest
    ]


def of_cases(model, groups, *, by, **words):
    """The `Work` for `by` of the cases of `model` in `groups`."""
    here = [group for group in groups if not group["is_away"]]
    mine, free = (
        sum(group["count"] for group in here if group["hold"] == hold)
        for hold in (Held.MINE, Held.FREE)
    )
    oldest_at = min((group["oldest_at"] for group in here), default=None)
    page = page_of(model)
    return Work(
        **words,
        count=sum(group["count"] for group in here),
        oldest_at=oldest_at,
        promise_date=decision_date(oldest_at) if oldest_at else None,
        overdue=sum(group["count"] for group in here if group["is_late"]),
        mine=mine if decides(by) else None,
        free=free,
        put_away=sum(group["count"] for group in groups if group["is_away"]),
        put_away_url=f"{page_url(f'{page}_changelist')}?state={POSTPONED}",
        url=page_url(f"{page}_changelist"),
        next_url=page_url(f"{page}_next") if decides(by) and mine + free else "",
    )


def of_requests(stage, groups, *, title, by):
    """The `Work` for `by` of the requests of one `stage` of the queue's own filter."""
    work = of_cases(CardRequest, groups, by=by, key=stage, title=title)

    def url(**chosen):
        return f"{work.url}?{urlencode({'stage': stage, **chosen})}"

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


def decides(user):
    return user.has_perm(roles.DECIDE)


def page_of(model):
    """The beginning of the names of the pages of `model` in the admin."""
    return f"admin:{model._meta.app_label}_{model._meta.model_name}"
