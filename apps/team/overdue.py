"""What is overdue or due today for one reviewer: numbers and addresses, and no word about anybody.

The same querysets as the lists of the desk, so the numbers agree with the pages they lead to.
"""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse

from apps.cards.models import CardRequest
from apps.common.moments import day_of
from apps.desk import roles
from apps.desk.claims.walk import is_put_away
from apps.desk.models.claim import live
from apps.desk.referrals.live import waiting_for as referred_to
from apps.people.models import Guardianship
from apps.replacement.models import FormalLoss
from apps.review import queue
from apps.review.children.views import waiting_for as registrations_for
from apps.review.enums import Age, Held, QueueStage
from apps.review.losses.views import waiting_for as losses_for

_REQUESTS = "admin:cards_cardrequest_changelist"


@dataclass(frozen=True)
class DigestLine:
    """One kind of cases: how many are late, how many are due today, how many nobody holds."""

    label: str
    url: str
    overdue: int = 0
    due_today: int = 0
    free: int = 0
    note: str = ""

    @property
    def is_empty(self):
        return not (self.overdue or self.due_today or self.free or self.note)

    @property
    def words(self):
        """超期 3 件，今天到期 2 件，没有人领办 5 件."""
        numbers = (("超期", self.overdue), ("今天到期", self.due_today), ("没有人领办", self.free))
        parts = [f"{label} {number} 件" for label, number in numbers if number]
        return "，".join([*parts, self.note] if self.note else parts)


def lines_for(user, *, at):
    """The `DigestLine`s for `user` at the moment `at`; none when there is nothing to do."""
    found = [
        _line("待审核申请", queue.waiting_for(user), "waits_since", user, at, _address_of_requests),
        _line(
            "正式挂失",
            losses_for(user),
            "declared_at",
            user,
            at,
            lambda line: _url("admin:replacement_formalloss_changelist"),
        ),
        _line(
            "子女登记",
            registrations_for(user),
            "created_at",
            user,
            at,
            lambda line: _url("admin:people_guardianship_changelist"),
        ),
        _referred(user, at),
    ]
    if user.has_perm(roles.LEAD_TEAM):
        found.append(_team(at))
    return [line for line in found if not line.is_empty]


def _counts(waiting, since, user, at):
    today = day_of(at)
    late = Q(**{f"{since}__lt": queue.overdue_before(today)})
    by_tonight = Q(**{f"{since}__lt": queue.overdue_before(today + timedelta(days=1))})
    here = waiting.order_by().filter(~is_put_away(waiting.model, by=user, at=at))
    held = live(at, prefix="claim__")
    return here.aggregate(
        overdue=Count("pk", filter=late),
        due_today=Count("pk", filter=by_tonight & ~late),
        free=Count("pk") - Count("pk", filter=held),
    )


def _line(label, waiting, since, user, at, address):
    counts = _counts(waiting, since, user, at)
    return DigestLine(label, address(counts), **counts)


def _address_of_requests(counts):
    chosen: dict[str, str] = {"stage": QueueStage.WAITING}
    if counts["overdue"]:
        chosen["age"] = Age.OVERDUE
    elif counts["due_today"]:
        chosen["age"] = Age.DUE_TODAY
    return _url(_REQUESTS, **chosen)


def _referred(user, at):
    cases = (queue.waiting(), FormalLoss.objects.waiting(), Guardianship.objects.waiting())
    number = sum(referred_to(user, waiting, at=at).count() for waiting in cases)
    note = f"{number} 件" if number else ""
    return DigestLine("同事转给您、请您看的", _url(_REQUESTS, held=Held.REFERRED), note=note)


def _team(at):
    """What is late in the whole team, whoever may decide it."""
    late_before = queue.overdue_before(day_of(at))
    waiting = CardRequest.objects.filter(queue.WAITING)
    counts = waiting.aggregate(
        late=Count("pk", filter=Q(waits_since__lt=late_before)),
        held=Count("pk", filter=live(at, prefix="claim__")),
    )
    note = f"申请超期 {counts['late']} 件，有人在办 {counts['held']} 件" if counts["late"] else ""
    return DigestLine("全组", _url("admin:desk_claim_workload"), note=note)


def _url(name, **chosen):
    query = f"?{urlencode(chosen)}" if chosen else ""
    return f"{settings.PORTAL_URL}{reverse(name)}{query}"


def desk_address():
    """The first page of the desk."""
    return _url("admin:index")
