"""Reads what the decision page shows of a request."""

from dataclasses import dataclass

from django.conf import settings

from apps.cards.enums import RequestAction
from apps.cards.lifecycle import REQUEST
from apps.cards.models import CardRequest
from apps.delivery.models import Shipment
from apps.desk import event_kinds
from apps.desk.claims import walk
from apps.desk.event_kinds import CaseAction
from apps.events.enums import Role
from apps.events.models import Event
from apps.inquiries.models import Inquiry
from apps.inquiries.policies import labels
from apps.payments.models import Payment
from apps.people.models import Guardianship, GuardianshipProof
from apps.review import case_history, evidence, portrait_measures, queue, resubmission
from apps.risks import finding as risks
from apps.verification.enums import CheckOutcome
from apps.verification.models import Check

EARLIER = 10
# Up to this number the waiting cases are counted for a page; beyond it the page says "more".
COUNTED = 999
# The actions after which a case waits for a decision.
_WAYS_IN = (
    RequestAction.ACCEPT,
    RequestAction.AMEND,
    RequestAction.RESUME,
    RequestAction.FAIL,
)


def get(reference):
    """The request with what every part of the page needs; raises `CardRequest.DoesNotExist`."""
    return (
        CardRequest.objects.submitted()
        .select_related(
            "particulars__guardian",
            "holder__user",
            "applicant__holder",
            "city",
            "bank",
            "old_card__city",
            "old_card__bank",
        )
        .get(reference=reference)
    )


def surroundings(card_request, *, at, is_disclosed):
    """Everything about the case at the moment `at`: one query for each part."""
    particulars = card_request.particulars
    events = list(card_request.events.select_related("by__holder"))
    amendments = list(card_request.amendments.select_related("asked_by__holder").order_by("-pk"))
    others = _others(card_request)
    came_back = _came_back(card_request, events)
    at_the_desk = Event.objects.about(event_kinds.REQUEST, card_request).select_related(
        "by__holder"
    )
    looks = at_the_desk.filter(action=CaseAction.LOOK).order_by("-pk")
    return {
        "handling": card_request.handling_at(at),
        "risks": risks.of(card_request),
        "rows": evidence.rows(
            card_request,
            earlier=_earlier(card_request, others),
            submitted_on=evidence.submitted_on(events, card_request),
            is_disclosed=is_disclosed,
        )
        if particulars.forgotten_at is None
        else [],
        "earlier": _earlier(card_request, others),
        "findings": _findings(particulars),
        "overlay": portrait_measures.overlay(particulars.portrait_findings),
        "changes": _changes(amendments, particulars, is_disclosed),
        "came_back": came_back,
        "own_change": _own_change(amendments),
        "inquiries": [
            (inquiry, labels(inquiry.fields))
            for inquiry in Inquiry.objects.of(card_request).select_related(
                "asked_by__holder", "answered_by__holder"
            )
        ],
        "has_failed": came_back is not None and came_back.action == RequestAction.FAIL,
        "history": case_history.entries(
            events=events,
            amendments=amendments,
            desk_events=at_the_desk.exclude(action=CaseAction.LOOK).order_by("-pk"),
            looks=looks[: case_history.LOOKS],
        ),
        "checks": [_scaled(check) for check in _checks(card_request)],
        "others": others,
        "cards": [
            (card, card.status_at(at))
            for card in card_request.holder.cards.select_related("city", "bank").order_by("-pk")
        ],
        "shipment": Shipment.objects.select_related("city__province", "county")
        .filter(card_request=card_request)
        .first(),
        "payments": Payment.objects.filter(card_request=card_request).order_by("-pk"),
        "similar_below": settings.FACE_SIMILAR_BELOW,
        "different_above": settings.FACE_DIFFERENT_ABOVE,
        "proofs": proofs(card_request) if is_disclosed else [],
    }


def _others(card_request):
    """The other requests for the same person, the newest first, with what was filled in then."""
    return list(
        CardRequest.objects.submitted()
        .filter(holder=card_request.holder_id)
        .exclude(pk=card_request.pk)
        .select_related("city", "bank", "particulars")
        .order_by("-pk")[:EARLIER]
    )


def _earlier(card_request, others):
    """The request of the card before, else the last one before `card_request`, or None."""
    before = [other for other in others if other.pk < card_request.pk]
    of_old_card = [
        o for o in before if card_request.old_card_id and o.card_id == card_request.old_card_id
    ]
    return next(iter(of_old_card or before), None)


def _findings(particulars):
    """The findings of the portal's own check of the portrait: open ones and passed ones."""
    found = particulars.portrait_findings
    return found and {
        "open": [finding for finding in found if not finding["is_ok"]],
        "passed": [finding["text"] for finding in found if finding["is_ok"]],
    }


def _changes(amendments, particulars, is_disclosed):
    amendment = resubmission.latest(amendments)
    if amendment is None or particulars.forgotten_at is not None:
        return []
    return resubmission.changes(amendment, particulars, is_disclosed=is_disclosed)


def _own_change(amendments):
    """The applicant's own amendment, if the last one that was answered is one; else None."""
    latest = resubmission.latest(amendments)
    return latest if latest is not None and latest.is_own else None


def _came_back(card_request, events):
    """The event by which the case came back to the desk; None for a new case."""
    if not queue.is_waiting(card_request):
        return None
    # A recalled decision does not count.
    ways_in = [event for event in events if event.action in _WAYS_IN]
    is_back = bool(ways_in) and ways_in[-1].action != RequestAction.ACCEPT
    return ways_in[-1] if is_back else None


@dataclass(frozen=True)
class Scale:
    """A face distance on a line of `width` units: 0 the same person, `end` and more strangers."""

    score: float
    similar: float
    different: float
    end: float = 1.0
    width: int = 240

    def _at(self, distance):
        return round(min(max(distance / self.end, 0), 1) * self.width, 1)

    @property
    def x(self):
        return self._at(self.score)

    @property
    def similar_x(self):
        return self._at(self.similar)

    @property
    def different_x(self):
        return self._at(self.different)

    @property
    def between(self):
        return round(self.different_x - self.similar_x, 1)

    @property
    def beyond(self):
        return round(self.width - self.different_x, 1)

    @property
    def meaning(self):
        if self.score < self.similar:
            return "相似"
        return "不同" if self.score > self.different else "不能确定"


def _checks(card_request):
    return (
        Check.objects.filter(card_request=card_request)
        .exclude(outcome=CheckOutcome.PENDING)
        .select_related("by__holder")
        .order_by("-pk")
    )


def _scaled(check):
    """`check` with its `scale`, if a face was compared."""
    check.scale = check.score is not None and Scale(
        check.score, settings.FACE_SIMILAR_BELOW, settings.FACE_DIFFERENT_ABOVE
    )
    return check


def proofs(card_request):
    """The proofs by which the guardian of a child was confirmed; none for an adult."""
    return (
        GuardianshipProof.objects.filter(
            guardianship__in=Guardianship.objects.confirmed(),
            guardianship__guardian=card_request.particulars.guardian_id,
            guardianship__ward=card_request.holder_id,
        )
        .select_related("guardianship")
        .order_by("number")
    )


def round_trip(card_request, user, *, at):
    """The last decision of `user`, and how many cases wait."""
    mine = walk.without_own(queue.waiting_for(user), by=user, at=at)
    decided = Event.objects.of_kind(REQUEST).filter(by=user, role=Role.REVIEWER)
    latest = decided.exclude(subject_id=card_request.pk).order_by("-pk")[:1]
    last = next(iter(latest.with_subjects(CardRequest.objects.all())), None)
    return {
        "last_decision": last,
        "left": mine[: COUNTED + 1].count(),
        "counted": COUNTED,
    }
