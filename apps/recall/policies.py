"""Which decisions of a reviewer can be taken back, and until when."""

from django.db.models import Q

from apps.bureau.models import ProductionOrder
from apps.cards.enums import CardStatus, RequestAction, RequestStatus
from apps.cards.lifecycle import RECALLABLE, REQUEST
from apps.cards.models import Card, CardRequest
from apps.cards.policies import party_refusal
from apps.common.refusals import Refused
from apps.events.models import Event
from apps.notices.models import Notice
from apps.payments.enums import GOING_BACK
from apps.payments.models import Payment
from apps.people.permissions import near_keys
from apps.requests.models import Particulars
from apps.requests.policies import recallable_until

_TOO_LATE = {
    RequestStatus.APPROVED: "撤回的时间已过，这件申请马上送往制卡中心，不能再撤回。",
    RequestStatus.NEEDS_AMENDMENT: "撤回的时间已过，申请人已按通知修改，不能再撤回。",
    RequestStatus.REJECTED: "撤回的时间已过，申请人会收到不通过的原因，不能再撤回。",
}


class TooLateToRecall(Refused):
    """The decision can't be recalled any more: the time is over, or somebody has acted on it."""


def decisions_of(requests):
    """{pk: the `Event`} for those of `requests` whose last move is a decision that is still young.

    An amendment that the applicant began (自行修改), or that a recall has brought back, is not.
    One query.
    """
    newest: dict[int, Event] = {}
    events = Event.objects.of_kind(REQUEST).filter(
        subject_id__in=[card_request.pk for card_request in requests]
    )
    for event in events.order_by("pk"):
        newest[event.subject_id] = event
    return {pk: event for pk, event in newest.items() if event.action in RECALLABLE.values()}


def recall_action(decision):
    """The action that takes back the event `decision`: the request is then what it was before."""
    if decision.from_status == RequestStatus.NEEDS_AMENDMENT:
        return RequestAction.RECALL_TO_AMENDMENT
    return RequestAction.RECALL


def why_not_recallable(requests, *, by, at, decisions=None):
    """{pk: the `Refused`} for those of `requests` that `by` cannot recall.

    Whoever is about to recall them has locked them.

    `by` is a reviewer. `decisions` are the `decisions_of` them, if these are known. Costs a fixed
    number of queries.
    """
    found = _overtaken(requests, at=at, decisions=decisions)
    near = near_keys(requests, by)
    return {pk: party_refusal() for pk in near} | found


def check_recallable(card_request, *, at):
    """Raise the `Refused` when the decision on `card_request` can't be recalled any more."""
    for refusal in _overtaken([card_request], at=at).values():
        raise refusal


def begun_anew():
    """The refusal for a rejected request whose person has begun another one since."""
    return TooLateToRecall("申请人已经重新办理，不能再撤回这件的审核不通过。", code="begun_anew")


def _overtaken(requests, *, at, decisions=None):
    """{pk: the `TooLateToRecall`} for those of `requests` on which somebody has acted since."""
    if decisions is None:
        decisions = decisions_of(requests)
    at_the_bureau = _pks(requests, ProductionOrder.objects.live(), RequestStatus.APPROVED)
    answering = _answering(requests, decisions)
    told = _told(decisions)
    refunded = _pks(requests, Payment.objects.filter(status__in=GOING_BACK), RequestStatus.REJECTED)
    anew = _with_another(requests)
    usable = _old_card_in_use(requests)
    found: dict[int, Refused] = {}
    for card_request in requests:
        pk, status = card_request.pk, card_request.status
        if pk in at_the_bureau:
            found[pk] = TooLateToRecall(
                "这件申请已经送往制卡中心，不能再撤回。", code="at_the_bureau"
            )
        elif status == RequestStatus.NEEDS_AMENDMENT and pk not in decisions:
            found[pk] = TooLateToRecall(
                "这次修改不是刚刚退回的，不能撤回。请等申请人修改提交。", code="no_decision"
            )
        elif pk in answering:
            found[pk] = TooLateToRecall(
                "申请人已经开始修改，不能再撤回。请等申请人修改提交。", code="answering"
            )
        elif pk in told:
            found[pk] = TooLateToRecall("申请人已经收到通知，不能再撤回。", code="told")
        elif pk in refunded:
            found[pk] = TooLateToRecall("已付的款项已经在退，不能再撤回。", code="refunded")
        elif pk in anew:
            found[pk] = begun_anew()
        elif pk in usable:
            found[pk] = TooLateToRecall(
                "旧卡的正式挂失已经撤销，旧卡还在用，不能再撤回。", code="old_card_in_use"
            )
        elif status in RECALLABLE and at >= recallable_until(card_request):
            found[pk] = TooLateToRecall(_TOO_LATE[status], code="too_late")
    return found


def _of(requests, status):
    return [card_request for card_request in requests if card_request.status == status]


def _pks(requests, rows, status):
    """The keys of those of `requests` in `status` to which one of `rows` belongs."""
    chosen = _of(requests, status)
    if not chosen:
        return set()
    return set(rows.filter(card_request__in=chosen).values_list("card_request", flat=True))


def _answering(requests, decisions):
    """The keys of those that the applicant has begun to change since they were asked to."""
    asked = {row.pk: decisions[row.pk].at for row in requests if row.pk in decisions}
    waiting = [row.pk for row in _of(requests, RequestStatus.NEEDS_AMENDMENT) if row.pk in asked]
    if not waiting:
        return set()
    saved = Particulars.objects.filter(card_request__in=waiting)
    return {
        pk
        for pk, at, edited in saved.values_list("card_request", "saved_at", "edited")
        if edited or (at is not None and at > asked[pk])
    }


def _told(decisions):
    """The keys of those of whose decision somebody was told: with a shorter window, or none."""
    events = [event.pk for event in decisions.values()]
    sent = set(Notice.objects.sent().filter(event__in=events).values_list("event", flat=True))
    return {pk for pk, event in decisions.items() if event.pk in sent}


def _with_another(requests):
    """The keys of the rejected ones whose person has another request in flight by now."""
    rejected = _of(requests, RequestStatus.REJECTED)
    if not rejected:
        return set()
    others = CardRequest.objects.in_flight().filter(holder__in={row.holder_id for row in rejected})
    holders = set(others.values_list("holder", flat=True))
    return {row.pk for row in rejected if row.holder_id in holders}


def _old_card_in_use(requests):
    """The keys of the rejected replacements whose old card is not lost for good any more."""
    rejected = [row for row in _of(requests, RequestStatus.REJECTED) if row.old_card_id]
    if not rejected:
        return set()
    cards = Card.objects.filter(pk__in=[row.old_card_id for row in rejected])
    usable = set(cards.filter(~Q(status=CardStatus.LOST)).values_list("pk", flat=True))
    return {row.pk for row in rejected if row.old_card_id in usable}
