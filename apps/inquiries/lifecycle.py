"""The life of an inquiry. It is settled when its request is opened for changes, or rejected."""

from apps.cards.enums import RequestAction
from apps.cards.lifecycle import APPLICANT, REQUEST
from apps.events.enums import Role
from apps.inquiries.enums import InquiryAction, InquiryStatus
from apps.lifecycle.tables import Follows, Lifecycle, move

INQUIRY = Lifecycle(
    name="inquiry",
    label="Inquiry (修改请求)",
    noun="这条修改请求",
    statuses=InquiryStatus,
    actions=InquiryAction,
    holder="card_request__holder",
    filled_in_by="asked_by",
    follows=Follows(
        REQUEST,
        "card_request",
        {
            RequestAction.REOPEN: InquiryAction.SETTLE,
            RequestAction.REQUEST_AMENDMENT: InquiryAction.SETTLE,
            RequestAction.REJECT: InquiryAction.SETTLE,
        },
    ),
    moves={
        InquiryAction.ASK: move((), InquiryStatus.OPEN, *APPLICANT),
        InquiryAction.ANSWER: move({InquiryStatus.OPEN}, InquiryStatus.ANSWERED, Role.REVIEWER),
        InquiryAction.SETTLE: move(
            {InquiryStatus.OPEN}, InquiryStatus.SETTLED, *APPLICANT, Role.REVIEWER
        ),
        # The decision that settled it was recalled.
        InquiryAction.REOPEN: move({InquiryStatus.SETTLED}, InquiryStatus.OPEN, Role.REVIEWER),
    },
)
