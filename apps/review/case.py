"""Reads what the decision page shows of a request."""

from dataclasses import dataclass

from django.conf import settings

from apps.cards.enums import RequestAction
from apps.cards.lifecycle import REQUEST, WAYS_IN
from apps.cards.models import CardRequest
from apps.desk.absences.policies import asks_why_absent
from apps.desk.claims.live import asks_claims
from apps.desk.claims.waiting_list import MOST
from apps.events.models import Event
from apps.inquiries.policies import labels
from apps.people.models import Guardianship, GuardianshipProof
from apps.people.permissions import asks_near_keys
from apps.regions.models.holidays import asks_calendar
from apps.requests import resubmission
from apps.requests.policies import asks_own_contact
from apps.review import case_history, case_queries, evidence, queue
from apps.risks import finding as risks
from apps.risks.rules import Facts
from apps.verification import portrait_measures
from apps.verification.enums import CheckOutcome

COUNTED = MOST - 1  # beyond this number of waiting cases the page says "more"
_AMENDMENT_BEGINS = (RequestAction.REQUEST_AMENDMENT, RequestAction.REOPEN)


def get(reference):
    """The request with what every part of the page needs; raises `CardRequest.DoesNotExist`."""
    found = case_queries.CASE.first(reference=reference)
    if found is None:
        raise CardRequest.DoesNotExist
    return found


def inquiries_of(card_request):
    """What the applicant asked the desk to change, the newest first. `card_request` is of `get`."""
    if not card_request.has_asked:
        return []
    asked = card_request.inquiries.order_by("-pk")
    return list(asked.select_related("asked_by__holder", "answered_by__holder"))


def asks(card_request, user, *, at):
    """What the page reads of nearly every case, to be read together (apps/queries/together.py)."""
    pk = card_request.pk
    of_case = (case_queries.HISTORY, case_queries.AMENDMENTS, case_queries.CHECKS)
    return [
        asks_calendar(),
        asks_why_absent(by=user, at=at),
        asks_near_keys(CardRequest, [pk], user),
        asks_claims(CardRequest, [pk], at=at),
        *queue.LIST.asks_beside_a_case(card_request, by=user, at=at),
        *(query.asks(card_request=pk) for query in (*of_case, case_queries.PAYMENTS)),
        case_queries.LAST_DECISION.asks(by=user.pk, beside=pk),
    ]


def surroundings(card_request, inquiries, *, at, is_disclosed, is_mine):
    """Everything about the case at the moment `at`: one query for each part at most.

    `inquiries` are its `inquiries_of`; `is_mine` says that the reader holds the case.
    """
    particulars = card_request.particulars
    events, at_the_desk = _events(card_request)
    amendments = _amendments(card_request, events)
    others = _others(card_request)
    earlier = _earlier(card_request, others)
    came_back = _came_back(card_request, events)
    cards = _cards(card_request, others)
    if card_request.old_card_id:
        card_request.old_card = next(card for card in cards if card.pk == card_request.old_card_id)
    checks = case_queries.CHECKS.read(card_request=card_request.pk)
    shipment = getattr(card_request, "shipment", None)
    facts = Facts(
        card_request=card_request,
        shipment=shipment,
        checks=checks,
        actions={event.action for event in events},
        is_asked=any(inquiry.is_open for inquiry in inquiries),
        is_picture_of_others=card_request.is_picture_of_others,
    )
    hides_contact = asks_own_contact(card_request, at=at)
    return {
        "handling": card_request.handling_at(at),
        "hides_contact": hides_contact,
        "risks": risks.by_facts(facts),
        "rows": evidence.rows(
            card_request,
            earlier=earlier,
            submitted_on=evidence.submitted_on(events, card_request),
            reading=evidence.Reading(
                is_disclosed=is_disclosed,
                opens_differences=is_mine,
                hides_contact=hides_contact,
            ),
        )
        if particulars.forgotten_at is None
        else [],
        "earlier": earlier,
        "findings": _findings(particulars),
        "overlay": portrait_measures.overlay(particulars.portrait_findings),
        "changes": _changes(amendments, particulars, is_disclosed),
        "came_back": came_back,
        "own_change": _own_change(amendments),
        "inquiries": [(inquiry, labels(inquiry.fields)) for inquiry in inquiries],
        "has_failed": came_back is not None and came_back.action == RequestAction.FAIL,
        "history": case_history.entries(
            events=events,
            amendments=amendments,
            at_the_desk=at_the_desk,
        ),
        "checks": [_scaled(check) for check in checks if check.outcome != CheckOutcome.PENDING],
        "others": others,
        "cards": [(card, card.status_at(at)) for card in cards],
        "shipment": shipment,
        "payments": case_queries.PAYMENTS.read(card_request=card_request.pk),
        "similar_below": settings.FACE_SIMILAR_BELOW,
        "different_above": settings.FACE_DIFFERENT_ABOVE,
        "proofs": proofs(card_request) if is_disclosed else [],
    }


def _events(card_request):
    """(the moves of the case, what else happened at the desk), the oldest first; one query."""
    moves: list[Event] = []
    beside: list[Event] = []
    for event in case_queries.HISTORY.read(card_request=card_request.pk):
        (moves if event.subject_kind == REQUEST.name else beside).append(event)
    return moves, beside


def _amendments(card_request, events):
    """All amendments, the newest first. Each of them begins with one of two moves."""
    if not any(event.action in _AMENDMENT_BEGINS for event in events):
        return []
    return case_queries.AMENDMENTS.read(card_request=card_request.pk)


def _others(card_request):
    """The other requests for the same person, the newest first, with what was filled in then."""
    if not card_request.has_others:
        return []
    return case_queries.OTHERS.read(holder=card_request.holder_id, card_request=card_request.pk)


def _cards(card_request, others):
    """All cards of the person, the newest first. Each of them comes out of a request."""
    if not others and card_request.card_id is None:
        return []
    return list(card_request.holder.cards.select_related("city", "bank").order_by("-pk"))


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
    ways_in = [event for event in events if event.action in WAYS_IN]
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
    return {
        "last_decision": case_queries.LAST_DECISION.first(by=user.pk, beside=card_request.pk),
        "left": queue.LIST.count(by=user, at=at),
        "counted": COUNTED,
    }
