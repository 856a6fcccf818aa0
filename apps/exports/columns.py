"""The columns of an export, and how the requests are read for it, a chunk at a time.

Rows are read in the order of their keys. So no cursor and no transaction stays open while a file is
written, and a request that moves in between is neither missed nor written twice.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Prefetch

from apps.cards.enums import RequestAction
from apps.cards.lifecycle import RECALLS, REQUEST
from apps.common.visibility import is_masked
from apps.common.visibility import shown as shown_at
from apps.desk.colleagues import named
from apps.events.enums import Role
from apps.events.models import Event
from apps.requests import registry
from apps.requests.declaration import Store
from apps.requests.policies import asks_own_contact
from apps.review import queue
from apps.review.enums import CheckResult
from apps.verification.enums import CheckOutcome
from apps.verification.models import Check

CHUNK = 1000
DECISIONS = {
    RequestAction.APPROVE: "审核通过",
    RequestAction.REQUEST_AMENDMENT: "请申请人修改",
    RequestAction.REJECT: "审核不通过",
}
_TOLD = [RequestAction.SUBMIT, RequestAction.PAY, RequestAction.WAIVE, *DECISIONS, *RECALLS]


@dataclass(frozen=True)
class Column:
    """`value` is a text, a moment, a day or None; `datum` is what it is in apps.common.visibility.

    `width` is that of the column in characters.
    """

    label: str
    value: Callable
    width: int = 12
    datum: str = ""

    @property
    def is_masked(self):
        """Whether an export shows it in full only to whoever may order one with full values."""
        return bool(self.datum) and is_masked(f"export.{self.datum}")


def _at(*actions):
    """The moment of the first of `actions` on a request."""

    def value(card_request):
        return next((event.at for event in card_request.told if event.action in actions), None)

    return value


def _decision(card_request):
    """The last decision of a reviewer that was not recalled, or None."""
    decisions: list[Event] = []
    for event in card_request.told:
        if event.action in RECALLS:
            del decisions[-1:]
        elif event.role == Role.REVIEWER:
            decisions.append(event)
    return decisions[-1] if decisions else None


def _of_decision(value):
    def of_request(card_request):
        event = _decision(card_request)
        return value(event) if event else None

    return of_request


def _check(card_request):
    """The result as in the filter of the desk: one uncertain check makes the request uncertain."""
    outcomes = {check.outcome for check in card_request.decided_checks}
    if CheckOutcome.UNCERTAIN in outcomes:
        return CheckResult.UNCERTAIN.label
    return (CheckResult.PASSED if CheckOutcome.PASSED in outcomes else CheckResult.NONE).label


def _guardian(card_request):
    guardian = card_request.particulars.guardian
    return guardian.name if guardian else ""


def _of_person(declared):
    def value(card_request):
        words = declared.words(card_request.particulars)
        is_contact = declared in registry.of_household()
        is_former = is_contact and asks_own_contact(card_request, at=card_request.read_at)
        return shown_at(words, "export.former_contact") if is_former else words

    return Column(declared.label, value, declared.export_width, declared.datum)


_BEFORE = (
    Column("业务受理编号", lambda r: r.reference, 20),
    Column("事项", lambda r: r.matter, 8),
)
_ACCOUNT = (
    Column("工号", lambda r: r.applicant.employee_number),
    Column("部门", lambda r: _holder_of(r.applicant, "department"), 18),
)
_AFTER = (
    Column("办理方式", lambda r: r.handling.label, 20),
    Column("代办的监护人", _guardian, 14, "guardian"),
    Column("申领地区", lambda r: r.city.name),
    Column("发卡银行", lambda r: r.bank.name, 18),
    Column("状态", lambda r: r.get_status_display()),
    Column("提交时间", _at(RequestAction.SUBMIT), 20),
    Column("缴费时间", _at(RequestAction.PAY, RequestAction.WAIVE), 20),
    Column("进入现在状态的时间", lambda r: r.status_since, 20),
    Column("承诺办结日期", queue.promise_of, 14),
    Column("最近一次决定", _of_decision(lambda event: DECISIONS[event.action]), 14),
    Column("决定人", _of_decision(lambda event: named(event.by))),
    Column("决定时间", _of_decision(lambda event: event.at), 20),
    Column("身份核验", _check, 16),
    Column("补换原因", lambda r: r.get_replacement_reason_display(), 16),
    # No page of the desk shows the full number of a card, so a full export does not either.
    Column("社保卡号", lambda r: r.card.card_number if r.card else "", datum="card_number"),
    Column("运单号", lambda r: r.tracking_number, 18),
)


def columns():
    """Every column, in the order of the file; those of the person are declared fields."""
    name, *others = (_of_person(declared) for declared in registry.exported())
    return (*_BEFORE, name, *_ACCOUNT, *others, *_AFTER)


def _holder_of(user, name):
    holder = getattr(user, "holder", None)
    return getattr(holder, name) if holder else ""


def chunks(requests, *, at):
    """Lists of `requests` with all that the columns ask for at the moment `at`.

    The encrypted columns that no column shows, and other long ones, are not loaded.
    """
    events = (
        Event.objects.of_kind(REQUEST)
        .filter(action__in=_TOLD)
        .select_related("by__holder")
        .only(*_EVENT, "by__employee_number", "by__holder__name")
    )
    checks = Check.objects.exclude(outcome=CheckOutcome.PENDING).only("card_request_id", "outcome")
    requests = (
        requests.select_related(*_RELATED)
        .only(*_READ, *_read_of_person())
        .prefetch_related(
            Prefetch("checks", checks, to_attr="decided_checks"),
        )
        .order_by("pk")
    )
    chunk = list(requests[:CHUNK])
    while chunk:
        told = events.filter(
            subject_id__in=[card_request.pk for card_request in chunk]
        ).by_subject()
        for card_request in chunk:
            card_request.told = told.get(card_request.pk, [])
            card_request.handling = card_request.handling_at(at)
            card_request.read_at = at
        yield chunk
        chunk = list(requests.filter(pk__gt=chunk[-1].pk)[:CHUNK])


_EVENT = ("subject_id", "action", "at", "role")
_RELATED = ("holder", "particulars__guardian", "applicant__holder", "city", "bank", "card")
_READ = (
    "reference",
    "holder__user_id",
    "holder__birth_date",
    "kind",
    "status",
    "status_since",
    "review_since",
    "replacement_reason",
    "tracking_number",
    "particulars__guardian__name",
    "particulars__saved_by",
    "applicant__employee_number",
    "applicant__holder__department",
    "city__name",
    "bank__name",
    "card__card_number",
)


def _read_of_person():
    names = {
        "extra" if declared.store == Store.EXTRA else column
        for declared in registry.exported()
        for column in declared.columns
    }
    return [f"particulars__{name}" for name in names]


def row(card_request, shown, *, is_full):
    """The values of the columns `shown`; those of a person as the kind of file shows them."""
    place = "export_full" if is_full else "export"
    return [
        shown_at(column.value(card_request), f"{place}.{column.datum}")
        if column.datum
        else column.value(card_request)
        for column in shown
    ]
