"""What needs a decision now: a `Work` for each kind, for one reader.

To add a kind, add a function to `KINDS`.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin
from django.db.models import Count, Min, Q
from django.urls import reverse

from apps.bureau import batches as at_bureau
from apps.bureau.enums import ReportStatus
from apps.bureau.models import BureauReport, ProductionBatch, ProductionOrder, QuarantinedLine
from apps.cards.lifecycle import REQUEST
from apps.cards.models import CardRequest
from apps.common.moments import day_of
from apps.desk import roles
from apps.desk.claims import walk
from apps.desk.filters import POSTPONED
from apps.desk.models.claim import live as live_claims
from apps.events.enums import Role
from apps.events.models import Event
from apps.inquiries.models import Inquiry
from apps.payments.models import Discrepancy, Payment
from apps.people.models import Guardianship
from apps.replacement.models import FormalLoss
from apps.requests.promises import decision_date
from apps.review import queue, second_review
from apps.review.children.views import waiting_for as registrations_for
from apps.review.enums import Age, Held, QueueStage
from apps.review.losses.views import waiting_for as losses_for

RECENT = 8
SHOWN_REFUNDS = 3


@dataclass(frozen=True)
class Work:
    """One kind of work: how much there is, since when, and where it is done.

    `promise_date` is the day by which the oldest one is to be decided; kinds without a promise have
    none. `put_away` are those that the reader put away (稍后办): they count nowhere else. An empty
    address is one that the reader may not open.
    """

    key: str
    title: str
    count: int
    unit: str = "件"
    oldest_at: datetime | None = None
    promise_date: date | None = None
    overdue: int = 0
    mine: int | None = None
    free: int | None = None
    put_away: int = 0
    url: str = ""
    mine_url: str = ""
    put_away_url: str = ""
    free_url: str = ""
    overdue_url: str = ""
    next_url: str = ""
    note: str = ""
    references: list[str] = field(default_factory=list)

    @property
    def others(self):
        """How many of them colleagues hold; None for a kind without claims."""
        return None if self.free is None else self.count - (self.mine or 0) - self.free


def cards(request, *, at):
    """A `Work` for every kind that the user of `request` may see at the moment `at`."""
    found = (kind(request, at) for kind in KINDS)
    return [work for work in found if work is not None]


def to_review(request, at):
    return _requests(request, at, QueueStage.WAITING, _waiting(request), "待审核")


def resubmitted(request, at):
    waiting = queue.resubmitted(_waiting(request))
    return _requests(request, at, QueueStage.RESUBMITTED, waiting, "修改后重新提交")


def failed(request, at):
    waiting = queue.failed(_waiting(request))
    return _requests(request, at, QueueStage.FAILED, waiting, "制卡失败退回")


def asked(request, at):
    """Requests of which the applicant asked the desk for a change."""
    return _found(QueueStage.ASKED, Inquiry.objects.open(), "asked_at")


def late(request, at):
    """Requests whose applicants were told that a promised day has passed; None without one."""
    rows = queue.late(CardRequest.objects.all())
    return _found(QueueStage.LATE, rows, "status_since") if rows.exists() else None


def _found(stage, rows, since):
    url = f"{reverse(f'{_page(CardRequest)}_changelist')}?{urlencode({'stage': stage})}"
    found = rows.aggregate(count=Count("pk"), oldest_at=Min(since))
    return Work(str(stage), stage.label, url=url, **found)


def second_reviews(request, at):
    """Requests with a first approval that wait for the second one."""
    if not settings.REVIEW_SECOND_REVIEW:
        return None
    waiting = second_review.pending(_waiting(request))
    return _requests(request, at, QueueStage.SECOND_REVIEW, waiting, "待复核")


def _waiting(request):
    return queue.waiting_for(request.user) if _decides(request) else queue.waiting()


def formal_losses(request, at):
    waiting = losses_for(request.user) if _decides(request) else FormalLoss.objects.waiting()
    return _cases(request, at, waiting, key="losses", title="正式挂失待确认", since="declared_at")


def guardianships(request, at):
    waiting = (
        registrations_for(request.user) if _decides(request) else Guardianship.objects.waiting()
    )
    return _cases(
        request,
        at,
        waiting,
        key="registrations",
        title="子女登记待确认",
        since="created_at",
        unit="个",
    )


def refunds(request, at):
    """Refunds that need a person."""
    stuck = Payment.objects.refunds_in_trouble(at)
    found = stuck.aggregate(count=Count("pk"), oldest_at=Min("owed_since"))
    oldest = stuck.order_by("owed_since").values_list("card_request__reference", flat=True)
    return Work(
        key="refunds",
        title="退款没有到账",
        unit="笔",
        url=_list_url(request, Discrepancy),
        note="支付平台没有退成，系统会继续重试；请处理，或另行退还后办结。",
        references=list(oldest[:SHOWN_REFUNDS]),
        **found,
    )


def discrepancies(request, at):
    """Money that matches no order of ours."""
    found = Discrepancy.objects.open().aggregate(count=Count("pk"), oldest_at=Min("found_at"))
    return Work(
        key="discrepancies",
        title="到账和订单对不上",
        unit="笔",
        url=_list_url(request, Discrepancy),
        note="请在支付平台的商户后台核对，写明怎样办结。",
        **found,
    )


def bureau(request, at):
    """What could not be sent, and reports that could not be applied or read."""
    user = request.user
    if not (user.has_perm(roles.OPERATE_BUREAU) or user.has_perm("bureau.view_productionbatch")):
        return None
    batches = ProductionBatch.objects.to_submit().exclude(last_error="")
    refused = BureauReport.objects.filter(status=ReportStatus.REFUSED)
    broken = QuarantinedLine.objects.open()
    held = ProductionOrder.objects.held()
    address = "card_request__shipment__saved_at"
    untold, since = at_bureau.untold().aggregate(a=Count("pk"), b=Min(address)).values()
    to_tell = f"{untold} 张的收件信息送出后改过，制卡中心还不知道；" if untold else ""
    troubles = {
        ProductionOrder: held.aggregate(count=Count("pk"), oldest_at=Min("status_since")),
        ProductionBatch: batches.aggregate(count=Count("pk"), oldest_at=Min("created_at")),
        BureauReport: refused.aggregate(count=Count("pk"), oldest_at=Min("received_at")),
        QuarantinedLine: broken.aggregate(count=Count("pk"), oldest_at=Min("received_at")),
    }
    on_hold, unsent, unapplied, aside = (row["count"] for row in troubles.values())
    where = next((model for model, row in troubles.items() if row["count"]), ProductionBatch)
    held_url = reverse("admin:bureau_productionbatch_held")
    url = held_url if where is ProductionOrder else _list_url(request, where)
    moments = [row["oldest_at"] for row in troubles.values()] + [since]
    return Work(
        key="bureau",
        title="制卡批次有问题",
        count=untold + on_hold + unsent + unapplied + aside,
        unit="处",
        oldest_at=min(filter(None, moments), default=None),
        url=url,
        note=to_tell
        + f"{on_hold} 张制卡单已搁置，{unsent} 批没有送出，{unapplied} 行回盘没有登记，"
        f"{aside} 行已隔离。",
    )


KINDS = (
    to_review,
    resubmitted,
    failed,
    second_reviews,
    asked,
    late,
    formal_losses,
    guardianships,
    refunds,
    discrepancies,
    bureau,
)


def _decides(request):
    return request.user.has_perm(roles.DECIDE)


def _requests(request, at, stage, waiting, title):
    """The `waiting` requests of one `stage` of the queue's own filter."""
    work = _cases(request, at, waiting, key=stage, title=title, since="status_since")

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


def _cases(request, at, waiting, *, since, **words):
    """Count the `waiting` cases of a desk, which wait since the moment in their column `since`."""
    by = request.user
    live = live_claims(at, prefix="claim__")
    late = Q(**{f"{since}__lt": queue.overdue_before(day_of(at))})
    is_away = Q(is_away=True)
    found = (
        waiting.order_by()
        .annotate(is_away=walk.is_put_away(waiting.model, by=by, at=at))
        .aggregate(
            count=Count("pk", filter=~is_away),
            oldest_at=Min(since, filter=~is_away),
            overdue=Count("pk", filter=late & ~is_away),
            mine=Count("pk", filter=live & Q(claim__by=by) & ~is_away),
            held=Count("pk", filter=live & ~is_away),
            put_away=Count("pk", filter=is_away),
        )
    )
    free = found["count"] - found["held"]
    page = _page(waiting.model)
    return Work(
        **words,
        count=found["count"],
        oldest_at=found["oldest_at"],
        promise_date=decision_date(found["oldest_at"]) if found["count"] else None,
        overdue=found["overdue"],
        mine=found["mine"] if _decides(request) else None,
        free=free,
        put_away=found["put_away"],
        put_away_url=f"{reverse(f'{page}_changelist')}?state={POSTPONED}",
        url=reverse(f"{page}_changelist"),
        next_url=reverse(f"{page}_next") if _decides(request) and found["mine"] + free else "",
    )


def _page(model):
    return f"admin:{model._meta.app_label}_{model._meta.model_name}"


def _list_url(request, model, **chosen):
    """The URL of the list of `model`, or "" if the user may not open it."""
    if not admin.site.get_model_admin(model).has_view_permission(request):
        return ""
    url = reverse(f"{_page(model)}_changelist")
    return f"{url}?{urlencode(chosen)}" if chosen else url


def recent_decisions(user):
    """The latest decisions of `user`, as events."""
    decided = Event.objects.of_kind(REQUEST).filter(by=user, role=Role.REVIEWER)
    return decided.order_by("-pk")[:RECENT].with_subjects(CardRequest.objects.all())
