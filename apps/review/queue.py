"""Which requests wait for a reviewer, since when, and by which day a decision is promised."""

from django.conf import settings
from django.db.models import Case, Exists, OuterRef, Q, Value, When

from apps.cards.enums import RequestAction, RequestStatus
from apps.cards.lifecycle import REQUEST, WAYS_BACK
from apps.cards.models import CardRequest
from apps.common.working_days import begun_before
from apps.desk.claims.waiting_list import WaitingList
from apps.events.models import Event
from apps.inquiries.models import Inquiry
from apps.people.permissions import only_near, without_near, without_party
from apps.requests.event_kinds import LATE
from apps.requests.promises import STAGE_OF_STATUS, decision_date
from apps.review import second_review
from apps.review.enums import QueueStage

# `is_waiting` as a condition of the database.
WAITING_STATUS = RequestStatus.ACCEPTED
WAITING = Q(status=WAITING_STATUS)


def is_waiting(card_request):
    """Whether `card_request` waits for a reviewer, who may approve it."""
    return card_request.status in REQUEST.moves[RequestAction.APPROVE].sources


# How a request that waits again came back to the desk, by the stage of the list that has it.
_WAYS_BACK = {
    QueueStage.RESUBMITTED: RequestAction.AMEND,
    QueueStage.FAILED: RequestAction.FAIL,
}


def _back_by(stage):
    return Q(came_back_by=_WAYS_BACK[stage])


def came_back():
    """The stage by whose way a waiting request came back, as an expression; "" for a new one."""
    ways = (When(came_back_by=way, then=Value(str(stage))) for stage, way in _WAYS_BACK.items())
    return Case(*ways, default=Value(""))


def resubmitted(requests):
    """Those of `requests` whose applicant answered an amendment, and that wait again."""
    return requests.filter(WAITING, _back_by(QueueStage.RESUBMITTED))


def failed(requests):
    """Those of `requests` that the bureau could not make, and that wait again."""
    return requests.filter(WAITING, _back_by(QueueStage.FAILED))


def asked(requests):
    """Those of `requests` of which the applicant asked the desk for a change, without an answer."""
    return requests.filter(Exists(Inquiry.objects.open().filter(card_request=OuterRef("pk"))))


def late(requests):
    """Those of `requests` whose applicant was told that a promised day has passed."""
    told = Event.objects.of_kind(LATE).filter(
        subject_id=OuterRef("pk"), at__gte=OuterRef("waits_since")
    )
    return requests.filter(Exists(told), status__in=STAGE_OF_STATUS)


def promise_of(card_request):
    """The day by which a decision on `card_request` is promised, or None if it does not wait."""
    return decision_date(card_request.promised_from) if is_waiting(card_request) else None


def overdue_before(today):
    """A request that waits since before this moment is overdue on the day `today`."""
    return begun_before(today, settings.REVIEW_WORKING_DAYS)


def waiting():
    """The requests that wait for a decision, the earliest promised day first."""
    return CardRequest.objects.filter(WAITING).order_by("waits_since", "pk")


def waiting_for(user):
    """The waiting requests that `user` may decide on.

    Without those of the user or of a child of the user, those that the user filled in, and those of
    which the user may not give the second approval.
    """
    return decided_by(user, waiting())


def decided_by(user, requests):
    """Those of `requests` that wait and that `user` may decide on, as `waiting_for`."""
    return without_party(second_review.offered_to(user, requests.filter(WAITING)), user)


def _may_decide(requests, kind, *, account, person):
    """`decided_by` by keys, see `WaitingList`."""
    return without_near(
        second_review.offered(requests, kind, account=account), account=account, person=person
    )


# How a waiting request can have come back, as `came_back_by`; "" for one that did not.
WAYS = ("", *(str(way) for way in WAYS_BACK))

# The list of requests while nothing is chosen.
LIST = WaitingList(
    CardRequest,
    WAITING,
    may_decide=_may_decide,
    kind_of=second_review.kind_of,
    since="waits_since",
    queries=("", f"stage={QueueStage.WAITING}"),
)


def withheld(kind, *, account, person):
    """The waiting requests that the account may not decide on, as querysets that may overlap.

    By keys, see `WaitingList`. They are few, and the database finds each of them quickly.
    """
    requests = CardRequest.objects.filter(WAITING)
    near = only_near(requests, account=account, person=person)
    return [*near, second_review.withheld(requests, kind, account=account)]


def stage_of_return(came_back_by):
    """The stage by whose way a waiting request came back, "" for a new one; as `came_back`."""
    ways = {way: str(stage) for stage, way in _WAYS_BACK.items()}
    return ways.get(came_back_by, "")
