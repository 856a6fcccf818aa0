"""Who is told that the desk has answered."""

from apps.common.typed_words import harmless
from apps.events.messages import Message
from apps.inquiries.enums import InquiryAction
from apps.inquiries.lifecycle import INQUIRY
from apps.inquiries.models import Inquiry


def _facts(events):
    return {
        event.pk: {"answer": harmless(event.subject.answer).rstrip("。；")}
        for event in events
        if event.subject
    }


MESSAGES = (
    Message(
        INQUIRY.name,
        InquiryAction.ANSWER,
        "inquiries/messages/answer.txt",
        rows=Inquiry.objects.all,
        facts=_facts,
    ),
)
