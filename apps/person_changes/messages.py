"""Who is told that a number of theirs was changed, or that their records were merged."""

from django.conf import settings

from apps.events.messages import Condition, Message, Placeholder
from apps.person_changes.enums import PersonChangeAction, PersonChangeKind
from apps.person_changes.lifecycle import PERSON_CHANGE
from apps.person_changes.models import PersonChange


def _rows():
    return PersonChange.objects.select_related("holder")


def _facts(events):
    return {event.pk: _of(event) for event in events}


def _of(event):
    is_merge = event.facts.get("person_change") == PersonChangeKind.MERGE
    return {"operator": settings.PORTAL_OPERATOR["name"], "is_merge": is_merge}


def _proposer(event):
    return [event.subject.proposed_by_id] if event.subject else []


PLACEHOLDERS = (
    Placeholder("operator", "联系谁", "人事处社会保障卡服务窗口"),
    Condition("is_merge", "合并了两条记录", is_needed=True),
)

MESSAGES = (
    Message(
        PERSON_CHANGE.name,
        PersonChangeAction.CONFIRM,
        "person_changes/messages/confirmed.txt",
        rows=_rows,
        facts=_facts,
        is_urgent=True,
    ),
    Message(
        PERSON_CHANGE.name,
        PersonChangeAction.DECLINE,
        "person_changes/messages/declined.txt",
        channels=("PORTAL",),
        rows=_rows,
        only_to=_proposer,
        audience="提出更正的同事",
    ),
    Message(
        PERSON_CHANGE.name,
        PersonChangeAction.LAPSE,
        "person_changes/messages/lapsed.txt",
        channels=("PORTAL",),
        rows=_rows,
        only_to=_proposer,
        audience="提出更正的同事",
    ),
)
