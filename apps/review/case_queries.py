"""The queries of the decision page, each written once."""

from django.db.models import CharField, Exists, OuterRef

from apps.cards.lifecycle import REQUEST
from apps.cards.models import CardRequest
from apps.desk import event_kinds
from apps.desk.claims.live import with_marks
from apps.events.enums import Role
from apps.events.models import Event
from apps.inquiries.models import Inquiry
from apps.payments.models import Payment
from apps.people.models import Holder, User
from apps.queries.prepared import PreparedQuery
from apps.requests.event_kinds import LATE
from apps.requests.models import Amendment
from apps.risks.rules import same_picture
from apps.verification.models import Check

EARLIER = 10


def _case(reference):
    """With what the page asks for only where there is some of it."""
    requests = CardRequest.objects.submitted()
    others = requests.filter(holder=OuterRef("holder")).exclude(pk=OuterRef("pk"))
    return (
        with_marks(requests)
        .annotate(
            has_asked=Exists(Inquiry.objects.of(OuterRef("pk"))),
            has_others=Exists(others),
            is_picture_of_others=Exists(same_picture(OuterRef("pk"))),
        )
        .select_related(
            "particulars__guardian",
            "holder",
            "applicant__holder",
            "city",
            "bank",
            "shipment__city__province",
            "shipment__county",
        )
        .filter(reference=reference)
    )


CASE = PreparedQuery(_case, reference=CharField())

HISTORY = PreparedQuery(
    lambda card_request: (
        Event.objects.of_kind(REQUEST, event_kinds.REQUEST, LATE)
        .filter(subject_id=card_request)
        .select_related("by__holder")
        .order_by("pk")
    ),
    card_request=CardRequest,
)
CHECKS = PreparedQuery(
    lambda card_request: (
        Check.objects.filter(card_request=card_request).select_related("by__holder").order_by("-pk")
    ),
    card_request=CardRequest,
)

LAST_DECISION = PreparedQuery(
    lambda by, beside: (
        Event.objects.of_kind(REQUEST)
        .filter(by=by, role=Role.REVIEWER)
        .exclude(subject_id=beside)
        .order_by("-pk")[:1]
    ),
    by=User,
    beside=CardRequest,
)
AMENDMENTS = PreparedQuery(
    lambda card_request: (
        Amendment.objects.filter(card_request=card_request)
        .select_related("asked_by__holder")
        .order_by("-pk")
    ),
    card_request=CardRequest,
)
PAYMENTS = PreparedQuery(
    lambda card_request: Payment.objects.filter(card_request=card_request).order_by("-pk"),
    card_request=CardRequest,
)
OTHERS = PreparedQuery(
    lambda holder, card_request: (
        CardRequest.objects.submitted()
        .filter(holder=holder)
        .exclude(pk=card_request)
        .select_related("city", "bank", "particulars")
        .order_by("-pk")[:EARLIER]
    ),
    holder=Holder,
    card_request=CardRequest,
)
