"""Everything that happened to a request in one timeline: moves, work at the desk, looks."""

from dataclasses import dataclass, field
from datetime import date, datetime

from apps.cards.enums import RequestAction, RequestStatus
from apps.cards.lifecycle import RECALLABLE, RECALLS
from apps.common.templatetags.formats import day, end_of_day
from apps.desk.colleagues import named
from apps.desk.event_kinds import CaseAction
from apps.lateness.promises import words_of
from apps.recall.wording import RECALL_WORDS
from apps.requests import registry
from apps.requests.event_kinds import LATE

LOOKS = 20


@dataclass(frozen=True)
class HistoryEntry:
    """One line: what, when, by whom. `kind` is event, desk or look."""

    kind: str
    at: datetime
    title: str
    who: str
    text: str = ""
    items: list = field(default_factory=list)
    due_date: date | None = None


def entries(*, events, amendments, at_the_desk):
    """The lines of the timeline, the newest first, with the last looks only.

    `events` are the moves, `at_the_desk` what else happened, oldest first, with `by__holder`.
    """
    asked = {amendment.asked_at: amendment for amendment in amendments}
    looks = [event for event in at_the_desk if event.action == CaseAction.LOOK]
    found = [
        *(_of_event(event, asked.get(event.at)) for event in events),
        *(_of_desk(event) for event in at_the_desk if event.action != CaseAction.LOOK),
        *(_of_look(look) for look in looks[-LOOKS:]),
    ]
    return sorted(found, key=lambda entry: entry.at, reverse=True)


def _of_event(event, amendment):
    who = [
        event.get_role_display(),
        named(event.by) if event.by else "",
        event.get_channel_display(),
    ]
    is_asking = amendment is not None and event.action in (
        RequestAction.REQUEST_AMENDMENT,
        RequestAction.REOPEN,
    )
    return HistoryEntry(
        "event",
        event.at,
        _title(event),
        " · ".join(filter(None, who)),
        text="" if is_asking else event.reason,
        items=[
            {"label": registry.get(item["field"]).label, "reason": item["reason"]}
            for item in amendment.items
        ]
        if is_asking
        else [],
        due_date=amendment.due_date if is_asking else None,
    )


def _title(event):
    """The label of the move; for a recall, that of the decision which it takes back."""
    if event.action in RECALLS:
        return RECALL_WORDS[RECALLABLE[RequestStatus(event.from_status)]]
    return RequestAction(event.action).label


def _of_desk(event):
    if event.subject_kind == LATE.name:
        told = words_of(event)
        promised, expected = end_of_day(told["promised_date"]), day(told["expected_date"])
        text = f"原定 {promised} 前，新的预计日期 {expected}"
        return HistoryEntry("desk", event.at, event.label, event.get_role_display(), text=text)
    text = event.reason
    if event.action == CaseAction.TAKE_OVER and event.facts.get("from"):
        text = f"从工号 {event.facts['from']} 接手"
    return HistoryEntry("desk", event.at, event.label, named(event.by), text=text)


def _of_look(look):
    text = f"{look.facts['what']}；原因：{look.reason}"
    return HistoryEntry("look", look.at, look.label, named(look.by), text=text)
