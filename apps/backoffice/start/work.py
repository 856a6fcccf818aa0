"""What needs a decision now: a `Work` for each kind, for one reader.

To add a kind, add a function to `KINDS`.
"""

from dataclasses import replace
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin
from django.db.models import Count, Min
from django.urls import reverse

from apps.backoffice.start.counts import (
    decides,
    groups_of,
    groups_of_desk,
    groups_of_requests,
    of_cases,
    of_requests,
    page_of,
)
from apps.bureau import batches as at_bureau
from apps.bureau.enums import ReportStatus
from apps.bureau.models import BureauReport, ProductionBatch, ProductionOrder, QuarantinedLine
from apps.cards.lifecycle import REQUEST
from apps.cards.models import CardRequest
from apps.common.addresses import page_url
from apps.desk import roles
from apps.desk.referrals.live import waiting_for
from apps.desk.work import Work
from apps.events.enums import Role
from apps.events.models import Event
from apps.exports.models import Export
from apps.finance import desk_start as money
from apps.inquiries.models import Inquiry
from apps.my_data.enums import CorrectionStatus
from apps.my_data.models import Correction
from apps.payments.models import Payment
from apps.people.models import Guardianship
from apps.person_changes.models import PersonChange
from apps.replacement.models import FormalLoss
from apps.review import queue, second_review
from apps.review.enums import Held, QueueStage

RECENT = 8
SHOWN_REFUNDS = 3


def cards(request, *, at):
    """A `Work` for every kind that the user of `request` may see at the moment `at`."""
    found = [*to_decide(request, at), *(kind(request, at) for kind in KINDS)]
    return [work for work in found if work is not None]


def to_decide(request, at):
    """What waits for a reviewer: all of it, what was handed in again, and what failed."""
    groups = groups_of_requests(by=request.user, at=at)

    def of(stage, title):
        own = [group for group in groups if group["came_back"] == stage]
        return of_requests(stage, own, title=title, by=request.user)

    return [
        of_requests(QueueStage.WAITING, groups, title="待审核", by=request.user),
        of(QueueStage.RESUBMITTED, "修改后重新提交"),
        of(QueueStage.FAILED, "制卡失败退回"),
    ]


def asked(request, at):
    """Requests of which the applicant asked the desk for a change."""
    return _found(QueueStage.ASKED, Inquiry.objects.open(), "asked_at")


def referred(request, at):
    """Requests that colleagues handed to the reader, or ask the reader about; None without one."""
    mine = waiting_for(request.user, queue.waiting(), at=at)
    found = mine.order_by().aggregate(count=Count("pk"), oldest_at=Min("waits_since"))
    url = f"{reverse(f'{page_of(CardRequest)}_changelist')}?{urlencode({'held': Held.REFERRED})}"
    return Work("referred", Held.REFERRED.label, url=url, **found) if found["count"] else None


def late(request, at):
    """Requests whose applicants were told that a promised day has passed; None without one."""
    found = _found(QueueStage.LATE, queue.late(CardRequest.objects.all()), "waits_since")
    return found if found.count else None


def url_of_stage(stage):
    """The list of the requests of one `stage`."""
    return f"{reverse(f'{page_of(CardRequest)}_changelist')}?{urlencode({'stage': stage})}"


def _found(stage, rows, since):
    found = rows.aggregate(count=Count("pk"), oldest_at=Min(since))
    return Work(str(stage), stage.label, url=url_of_stage(stage), **found)


def second_reviews(request, at):
    """Requests with a first approval that wait for the second one."""
    if not settings.REVIEW_SECOND_REVIEW:
        return None
    waiting = second_review.pending(_waiting(request))
    groups = groups_of(waiting, since="waits_since", by=request.user, at=at)
    return of_requests(QueueStage.SECOND_REVIEW, groups, title="待复核", by=request.user)


def _waiting(request):
    return queue.waiting_for(request.user) if decides(request.user) else queue.waiting()


def formal_losses(request, at):
    by = request.user
    groups = groups_of_desk(FormalLoss, since="declared_at", by=by, at=at)
    return of_cases(FormalLoss, groups, by=by, key="losses", title="正式挂失待确认")


def guardianships(request, at):
    by = request.user
    groups = groups_of_desk(Guardianship, since="created_at", by=by, at=at)
    words = {"key": "registrations", "title": "子女登记待确认", "unit": "个"}
    return of_cases(Guardianship, groups, by=by, **words)


def refunds(request, at):
    """Refunds that need a person, with the oldest requests that they belong to."""
    work = money.refunds(at)
    oldest = Payment.objects.refunds_in_trouble(at).order_by("owed_since")
    references = oldest.values_list("card_request__reference", flat=True)[:SHOWN_REFUNDS]
    page = f"{page_of(CardRequest)}_change"
    found = [(one, reverse(page, args=[one])) for one in references] if work.count else []
    return replace(work, references=found)


def discrepancies(request, at):
    """Money that matches no order of ours."""
    return money.discrepancies(at)


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
    held_url = page_url("admin:bureau_productionbatch_held")
    url = held_url if where is ProductionOrder else _list_url(request, where)
    if untold and not (on_hold or unsent or unapplied or aside):
        batch = at_bureau.untold().order_by(address).values_list("batch__reference", flat=True)[0]
        url = reverse("admin:bureau_productionbatch_change", args=[batch])
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


def corrections(request, at):
    """What people asked to have corrected; None for those who do not answer it."""
    if not request.user.has_perm(roles.MANAGE_ROSTER):
        return None
    found = Correction.objects.open().aggregate(count=Count("pk"), oldest_at=Min("asked_at"))
    return Work(
        key="corrections",
        title="更正请求待答复",
        unit="条",
        url=_list_url(request, Correction, status__exact=CorrectionStatus.OPEN),
        **found,
    )


def person_changes(request, at):
    """Changes of people that the reader can confirm; None without one."""
    if not request.user.has_perm(roles.MANAGE_ROSTER):
        return None
    waiting = PersonChange.objects.waiting(at=at).exclude(proposed_by=request.user)
    found = waiting.aggregate(count=Count("pk"), oldest_at=Min("proposed_at"))
    url = _list_url(request, PersonChange)
    work = Work("person_changes", "人员更正待确认", unit="条", url=url, **found)
    return work if work.count else None


def sheets(request, at):
    """采集表 of the schedule: not fetched yet, or not written. None for others, and without one."""
    if not request.user.has_perm(roles.EXPORT_FULL):
        return None
    rows = list(Export.objects.to_see_to(at))
    if not rows:
        return None
    troubles = [row.error for row in rows if row.error]
    return Work(
        key="sheets",
        title="采集表没有做成" if len(troubles) == len(rows) else "采集表待下载",
        count=len(rows),
        unit="份",
        oldest_at=rows[0].created_at,
        url=reverse(f"{page_of(Export)}_change", args=[rows[0].reference])
        if len(rows) == 1
        else _list_url(request, Export),
        note=f"有一份没有做成：{troubles[0]}" if troubles else "按计划生成的，过期自动删除。",
    )


KINDS = (
    second_reviews,
    referred,
    asked,
    late,
    formal_losses,
    guardianships,
    refunds,
    discrepancies,
    corrections,
    person_changes,
    sheets,
    bureau,
)


def _list_url(request, model, **chosen):
    """The URL of the list of `model`, or "" if the user may not open it."""
    if not admin.site.get_model_admin(model).has_view_permission(request):
        return ""
    url = page_url(f"{page_of(model)}_changelist")
    return f"{url}?{urlencode(chosen)}" if chosen else url


def recent_decisions(user):
    """The latest decisions of `user`, as events."""
    decided = Event.objects.of_kind(REQUEST).filter(by=user, role=Role.REVIEWER)
    return decided.order_by("-at", "-pk")[:RECENT].with_subjects(CardRequest.objects.all())
