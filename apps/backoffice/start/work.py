"""What needs a decision now: a `Work` for each kind, for one reader.

To add a kind, add a function to `KINDS`. It gets what `numbers` counted for this reader.
"""

from dataclasses import replace

from django.conf import settings
from django.contrib import admin
from django.db.models import DateTimeField, Model

from apps.backoffice.start import numbers
from apps.backoffice.start.counts import (
    asks_of_desk,
    decides,
    groups_of,
    groups_of_desk,
    of_cases,
    of_requests,
    page_of,
    query_string,
)
from apps.backoffice.start.request_counts import asks_of_requests, groups_of_requests
from apps.bureau import batches as at_bureau
from apps.bureau.models import BureauReport, ProductionBatch, ProductionOrder, QuarantinedLine
from apps.cards.lifecycle import REQUEST
from apps.cards.models import CardRequest
from apps.common.addresses import page_url, row_url
from apps.desk import roles
from apps.desk.work import Work
from apps.events.enums import Role
from apps.events.models import Event
from apps.exports.models import Export
from apps.finance import desk_start as money
from apps.my_data.enums import CorrectionStatus
from apps.my_data.models import Correction
from apps.payments.models import Payment
from apps.payments.models.payments import REFUND_PATIENCE
from apps.people.models import Guardianship, User
from apps.person_changes.models import PersonChange
from apps.queries.prepared import PreparedQuery
from apps.replacement.models import FormalLoss
from apps.review import queue, second_review
from apps.review.enums import Held, QueueStage
from apps.rulebook import desk_start as rules

RECENT = 8
SHOWN_REFUNDS = 3


def cards(request, *, counts, at):
    """A `Work` for every kind that the user of `request` may see at the moment `at`.

    `counts` are those of `kept.counts`, which hold the moment.
    """
    counted = numbers.read(_counted_for(request.user), by=request.user, at=at)
    found = [*to_decide(request, at, counts), *(kind(request, at, counted) for kind in KINDS)]
    return [work for work in found if work is not None]


def asks(user, *, at):
    """What nearly every reader's cards are read from, to be read together."""
    return [
        numbers.asks(_counted_for(user), by=user, at=at),
        *asks_of_requests(by=user, at=at),
        *(asks_of_desk(model, since=since, by=user, at=at) for model, since in _SINCE.items()),
        _OLDEST_REFUNDS.asks(stuck_since=at - REFUND_PATIENCE),
    ]


def _counted_for(user):
    kinds: tuple[str, ...] = numbers.OF_READERS
    if user.has_perm(roles.MANAGE_ROSTER):
        kinds += numbers.OF_THE_ROSTER
    if user.has_perm(roles.OPERATE_BUREAU) or user.has_perm("bureau.view_productionbatch"):
        kinds += numbers.OF_THE_BUREAU
    return kinds


def to_decide(request, at, counts):
    """What waits for a reviewer: all of it, what was handed in again, and what failed."""
    groups = groups_of_requests(counts, by=request.user, at=at)

    def of(stage, title):
        own = [group for group in groups if group["came_back"] == stage]
        return of_requests(stage, own, title=title, by=request.user)

    return [
        of_requests(QueueStage.WAITING, groups, title="待审核", by=request.user),
        of(QueueStage.RESUBMITTED, "修改后重新提交"),
        of(QueueStage.FAILED, "制卡失败退回"),
    ]


def asked(request, at, counted):
    """Requests of which the applicant asked the desk for a change."""
    return _found(QueueStage.ASKED, counted["asked"])


def referred(request, at, counted):
    """Requests that colleagues handed to the reader, or ask the reader about; None without one."""
    found = counted["referred"]
    url = f"{page_url(f'{page_of(CardRequest)}_changelist')}?{query_string(held=Held.REFERRED)}"
    return _work(found, "referred", Held.REFERRED.label, url=url) if found.count else None


def late(request, at, counted):
    """Requests whose applicants were told that a promised day has passed; None without one."""
    found = counted["late"]
    return _found(QueueStage.LATE, found) if found.count else None


def url_of_stage(stage):
    """The list of the requests of one `stage`."""
    return f"{page_url(f'{page_of(CardRequest)}_changelist')}?{query_string(stage=stage)}"


def _found(stage, found):
    return _work(found, str(stage), stage.label, url=url_of_stage(stage))


def _work(found, key, title, **words):
    return Work(key, title, count=found.count, oldest_at=found.oldest_at, **words)


def second_reviews(request, at, counted):
    """Requests with a first approval that wait for the second one."""
    if not settings.REVIEW_SECOND_REVIEW:
        return None
    waiting = second_review.pending(_waiting(request))
    groups = groups_of(waiting, since="waits_since", by=request.user, at=at)
    return of_requests(QueueStage.SECOND_REVIEW, groups, title="待复核", by=request.user)


def _waiting(request):
    return queue.waiting_for(request.user) if decides(request.user) else queue.waiting()


_SINCE: dict[type[Model], str] = {FormalLoss: "declared_at", Guardianship: "created_at"}


def formal_losses(request, at, counted):
    by = request.user
    groups = groups_of_desk(FormalLoss, since=_SINCE[FormalLoss], by=by, at=at)
    return of_cases(FormalLoss, groups, by=by, key="losses", title="正式挂失待确认")


def guardianships(request, at, counted):
    by = request.user
    groups = groups_of_desk(Guardianship, since=_SINCE[Guardianship], by=by, at=at)
    words = {"key": "registrations", "title": "子女登记待确认", "unit": "个"}
    return of_cases(Guardianship, groups, by=by, **words)


def refunds(request, at, counted):
    """Refunds that need a person, with the oldest requests that they belong to."""
    work = money.refunds_of(**vars(counted["refunds"]))
    if not work.count:
        return work
    references = _OLDEST_REFUNDS.read(stuck_since=at - REFUND_PATIENCE)
    page = f"{page_of(CardRequest)}_change"
    return replace(work, references=tuple((one, row_url(page, one)) for one in references))


def _oldest_refunds(stuck_since):
    oldest = Payment.objects.refunds_stuck_since(stuck_since).order_by("owed_since")
    return oldest.values_list("card_request__reference", flat=True)[:SHOWN_REFUNDS]


_OLDEST_REFUNDS = PreparedQuery(_oldest_refunds, stuck_since=DateTimeField())


def discrepancies(request, at, counted):
    """Money that matches no order of ours."""
    return money.discrepancies_of(**vars(counted["discrepancies"]))


def bureau(request, at, counted):
    """What could not be sent, and reports that could not be applied or read."""
    if "untold" not in counted:
        return None
    untold = counted["untold"].count
    to_tell = f"{untold} 张的收件信息送出后改过，制卡中心还不知道；" if untold else ""
    troubles = {
        ProductionOrder: counted["on_hold"],
        ProductionBatch: counted["unsent"],
        BureauReport: counted["unapplied"],
        QuarantinedLine: counted["aside"],
    }
    on_hold, unsent, unapplied, aside = (found.count for found in troubles.values())
    where = next((model for model, found in troubles.items() if found.count), ProductionBatch)
    held_url = page_url("admin:bureau_productionbatch_held")
    url = held_url if where is ProductionOrder else _list_url(request, where)
    if untold and not (on_hold or unsent or unapplied or aside):
        oldest = at_bureau.untold().order_by("card_request__shipment__saved_at")
        batch = oldest.values_list("batch__reference", flat=True)[0]
        url = row_url("admin:bureau_productionbatch_change", batch)
    moments = [counted[kind].oldest_at for kind in numbers.OF_THE_BUREAU]
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


def corrections(request, at, counted):
    """What people asked to have corrected; None for those who do not answer it."""
    if "corrections" not in counted:
        return None
    url = _list_url(request, Correction, status__exact=CorrectionStatus.OPEN)
    return _work(counted["corrections"], "corrections", "更正请求待答复", unit="条", url=url)


def person_changes(request, at, counted):
    """Changes of people that the reader can confirm; None without one."""
    found = counted.get("person_changes")
    if not (found and found.count):
        return None
    url = _list_url(request, PersonChange)
    return _work(found, "person_changes", "人员更正待确认", unit="条", url=url)


def sheets(request, at, counted):
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
        url=row_url(f"{page_of(Export)}_change", rows[0].reference)
        if len(rows) == 1
        else _list_url(request, Export),
        note=f"有一份没有做成：{troubles[0]}" if troubles else "按计划生成的，过期自动删除。",
    )


def holidays(request, at, counted):
    """Years whose holidays are to be uploaded; None for those who do not, and without one."""
    return rules.missing_holidays(by=request.user, at=at)


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
    holidays,
)


def _list_url(request, model, **filters):
    """The URL of the list of `model`, or "" if the user may not open it."""
    if not admin.site.get_model_admin(model).has_view_permission(request):
        return ""
    url = page_url(f"{page_of(model)}_changelist")
    return f"{url}?{query_string(**filters)}" if filters else url


def recent_decisions(user):
    """(reference, action, moment) of the latest decisions of `user`."""
    return tuple(asks_recent_decisions(user).read())


def asks_recent_decisions(user):
    """What `recent_decisions` asks for, to be read together with others."""
    return _DECISIONS.asks(account=user.pk)


def _decisions(account):
    decided = Event.objects.of_kind(REQUEST).filter(by=account, role=Role.REVIEWER)
    return decided.order_by("-at", "-pk").values_list("reference", "action", "at")[:RECENT]


_DECISIONS = PreparedQuery(_decisions, account=User)
