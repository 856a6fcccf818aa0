"""Who is told that HR has answered, and that a guardian asked for a correction."""

from apps.common.kept_data import Category
from apps.common.typed_words import harmless
from apps.events.messages import Message, Placeholder, to_other_guardians
from apps.lateness.promises import words_of
from apps.my_data.enums import CorrectionAction
from apps.my_data.event_kinds import LATE, LateCorrection
from apps.my_data.lifecycle import CORRECTION
from apps.my_data.models import Correction


def _rows():
    return Correction.objects.select_related("holder")


def _asker(event):
    return [event.subject.asked_by_id] if event.subject else []


def _facts(events):
    return {
        event.pk: {"answer": harmless(event.subject.answer).rstrip("。；")}
        for event in events
        if event.subject
    }


def _late_facts(events):
    return {event.pk: words_of(event) for event in events}


def _answered(action, name):
    return Message(
        CORRECTION.name,
        action,
        f"my_data/messages/{name}.txt",
        rows=_rows,
        facts=_facts,
        only_to=_asker,
        audience="提出更正的人",
    )


PLACEHOLDERS = (Placeholder("answer", "答复", "住址已改为新的住址", is_needed=True),)

MESSAGES = (
    Message(
        LATE.name,
        LateCorrection.ANSWER,
        "my_data/messages/correction_late.txt",
        rows=_rows,
        facts=_late_facts,
        only_to=_asker,
        audience="提出更正的人",
    ),
    _answered(CorrectionAction.CORRECT, "corrected"),
    _answered(CorrectionAction.DECLINE, "declined"),
    to_other_guardians(
        CORRECTION.name,
        CorrectionAction.ASK,
        verb="请人事处更正",
        what=lambda correction: f"登记（{Category[correction.topic].value}）",
        rows=_rows,
    ),
)
