"""Who is told that the desk has answered."""

from apps.common.typed_words import harmless
from apps.events.messages import Message, Placeholder, to_other_guardians
from apps.inquiries.enums import InquiryAction
from apps.inquiries.lifecycle import INQUIRY
from apps.inquiries.models import Inquiry


def _rows():
    return Inquiry.objects.select_related("card_request")


def _facts(events):
    return {
        event.pk: {"answer": harmless(event.subject.answer).rstrip("。；")}
        for event in events
        if event.subject
    }


PLACEHOLDERS = (Placeholder("answer", "答复", "手机号已经改好", is_needed=True),)

MESSAGES = (
    Message(
        INQUIRY.name,
        InquiryAction.ANSWER,
        "inquiries/messages/answer.txt",
        rows=_rows,
        facts=_facts,
    ),
    to_other_guardians(
        INQUIRY.name,
        InquiryAction.ASK,
        verb="请人事处修改",
        what=lambda inquiry: f"{inquiry.card_request.matter}申请",
        rows=_rows,
    ),
)
