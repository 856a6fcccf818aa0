"""What the pages of 制卡进度查询 say: of one request in full, of many in a few lines each."""

from dataclasses import replace
from functools import partial, reduce
from operator import or_

from django.db.models import CharField, Count, DateTimeField, Exists, OuterRef, Subquery
from django.urls import reverse

from apps.application.offers import DISCARD, RELATED, SHIP, WITHDRAW, changes
from apps.cards.enums import RequestAction
from apps.cards.lifecycle import REQUEST
from apps.cards.models import CardRequest
from apps.common.addresses import row_url
from apps.delivery.models import shipment_at
from apps.events.models import Event
from apps.handout import standing as unit
from apps.handout.nodes import with_nodes_of_unit
from apps.handout.offers import to_show_code
from apps.inquiries.models import Inquiry
from apps.inquiries.policies import labels
from apps.lateness.promises import latest
from apps.payments import money_back
from apps.people.event_kinds import ACCOUNT
from apps.people.models import Holder, ways_of_seeing
from apps.progress import polling
from apps.progress.offers import afterwards, main_of, next_of_each, offers
from apps.progress.papers import papers
from apps.queries.prepared import PreparedQuery
from apps.regions.models.holidays import ArrangedDay, know_days
from apps.requests import promises, registry
from apps.requests.event_kinds import LATE
from apps.requests.models import Amendment
from apps.requests.policies import may_be_read
from apps.waiting import card_face, countdown, standing, timeline
from apps.waiting.way import way

_OF_CARDS = ("city__province", "bank", "card", "particulars")


def many():
    """The requests that `of_rows` takes."""
    return CardRequest.objects.with_milestones().select_related(*_OF_CARDS, *RELATED)


def one(reference, *, by, at):
    """The request `reference` for `of_request`, whoever may see it; None without one.

    `is_only` says whether `by`, who has a person, sees no other: then there is no list of them.
    """
    own = by.holder
    found = _ONE[own.is_of_age(at)].first(reference=reference, own=own.pk, at=at)
    if found is not None:
        know_days(found.arranged_days)
    return found


def polled(reference, *, at):
    """The request `reference` as a poll reads it; None without one."""
    return _POLLED.first(reference=reference, at=at)


def _one(reference, own, at, *, is_of_age):
    others = CardRequest.objects.exclude(pk=OuterRef("pk"))
    seen = [
        Exists(others.filter(way))
        for way in ways_of_seeing(own, is_of_age=is_of_age, at=at, person="holder")
    ]
    return (
        CardRequest.objects.filter(reference=reference)
        .with_milestones()
        .annotate(
            is_only=~reduce(or_, seen),
            has_asked=Exists(Inquiry.objects.of(OuterRef("pk"))),
            events_of_person=_events_of_person(),
            may_be_read=may_be_read(at),
            arranged_days=ArrangedDay.objects.carried(),
            measured_here=promises.measured_here(),
        )
        .select_related(
            *_OF_CARDS,
            "holder",
            "rule",
            "old_card",
            "shipment__city__province",
            "shipment__county",
        )
    )


def _polled(reference, at):
    requests = CardRequest.objects.filter(reference=reference)
    return requests.select_related("holder", "shipment").annotate(
        events_of_person=_events_of_person(), may_be_read=may_be_read(at)
    )


def _events_of_person():
    """The expression over requests: how many events of the person, without the account's."""
    events = Event.objects.filter(holder_id=OuterRef("holder_id"))
    matters = events.exclude(subject_kind=ACCOUNT.name).order_by().values("holder_id")
    return Subquery(matters.annotate(n=Count("pk")).values("n"))


_ONE = {
    is_of_age: PreparedQuery(
        partial(_one, is_of_age=is_of_age), reference=CharField(), own=Holder, at=DateTimeField()
    )
    for is_of_age in (True, False)
}
_POLLED = PreparedQuery(_polled, reference=CharField(), at=DateTimeField())
_EVENTS = PreparedQuery(
    lambda key: Event.objects.of_kind(REQUEST).filter(subject_id=key), key=CardRequest
)


def of_rows(requests, *, by, at):
    """What the list says of each of `requests`, which are of `many()` and `by` sees."""
    for row in requests:
        row.share_with_card()
    shipments = {row.pk: shipment_at(row, at) for row in requests}
    times = promises.running_times(requests)
    standings = standing.standings(requests, shipments=shipments, at=at, times=times)
    in_boxes = unit.rows_of(requests)
    standings |= {
        pk: unit.at_the_unit(standings[pk], box_card, at=at) for pk, box_card in in_boxes.items()
    }
    money = money_back.of_requests(requests, at=at)
    following = next_of_each(requests, by=by, at=at, standings=standings)
    codes = {pk: to_show_code(box_card, at=at) for pk, box_card in in_boxes.items()}
    following |= {pk: offer for pk, offer in codes.items() if offer is not None}
    ways = {
        row.pk: unit.way_to_unit(way(row, times.get(row.pk), at=at), in_boxes.get(row.pk), at=at)
        for row in requests
    }
    return [
        {
            "card_request": row,
            "standing": standings[row.pk],
            "face": _face(row, ways[row.pk], in_boxes.get(row.pk), at=at),
            "stage": unit.stage_at_unit(in_boxes.get(row.pk), at=at),
            "countdown": countdown.of_request(
                row,
                standing=standings[row.pk],
                way=ways[row.pk],
                shipment=shipments[row.pk],
                at=at,
            ),
            "next": following.get(row.pk),
            "money_lines": money.get(row.pk, []),
        }
        for row in requests
    ]


def of_request(card_request, *, by, read, at):
    """What the page of `card_request` says to `by`, who sees it.

    It is one of `one()`. `read` is why it cannot be taken back (`requests.policies.under_review`),
    or None.
    """
    card_request.share_with_card()
    if card_request.old_card is not None:
        card_request.old_card.holder = card_request.holder
    events = _events_of(card_request)
    amendment = _open_amendment(card_request)
    times = promises.times_of(card_request)
    payments = money_back.payments_of(card_request)
    shipment, payment = shipment_at(card_request, at), _payment(payments)
    now = standing.standing(
        card_request, shipment=shipment, at=at, amendment=amendment, times=times
    )
    in_box = unit.rows_of([card_request]).get(card_request.pk)
    now = unit.at_the_unit(now, in_box, at=at)
    money_lines = money_back.of_payments(payments, at=at)
    is_waiting = payment is not None and payment.is_running
    offered = offers(card_request, by=by, at=at)
    inquiries = list(Inquiry.objects.of(card_request)) if card_request.has_asked else []
    change = changes(
        card_request,
        by=by,
        read=read,
        has_open=any(inquiry.is_open for inquiry in inquiries),
        at=at,
    )
    nodes = timeline.nodes(card_request, events, at=at, times=times)
    nodes = with_nodes_of_unit(nodes, card_request)
    its_way = unit.way_to_unit(way(card_request, times, at=at), in_box, at=at)
    return {
        "card_request": card_request,
        "face": _face(card_request, its_way, in_box, at=at),
        "way": its_way,
        "countdown": countdown.of_request(
            card_request, standing=now, way=its_way, shipment=shipment, at=at
        ),
        "turn": countdown.turn(card_request, standing=now, shipment=shipment),
        "main": to_show_code(in_box, at=at) or main_of(offered, standing=now),
        "in_box": in_box,
        "is_handed_over": card_request.is_handed_over(at),
        "nodes": _with_links(nodes, card_request, shipment=shipment, payment=payment),
        "steps": timeline.STEPS,
        "steps_done": timeline.steps_done(card_request),
        "standing": now,
        "late": latest(LATE, card_request, since=card_request.promised_from)
        if now.is_overdue
        else None,
        "asked": _asked(amendment, card_request),
        "payment": payment,
        "money_lines": money_lines,
        "shipment": shipment,
        "offered": offered,
        "ship": offered.of(SHIP),
        "withdraw": offered.of(WITHDRAW),
        "discard": offered.of(DISCARD),
        "change": next(iter(change.open), None),
        "inquiries": [(inquiry, labels(inquiry.fields)) for inquiry in inquiries],
        "following": afterwards(card_request, by=by, at=at),
        "papers": papers(card_request, payment=payment, at=at),
        "interval": polling.interval(
            card_request, at=at, has_money=is_waiting or money_back.is_under_way(money_lines)
        ),
    }


def _face(card_request, its_way, in_box, *, at):
    """The card as far as it is made, then the card itself; None where there is none."""
    if card_request.is_collected:
        return card_face.of_card(card_request.card, at=at)
    face = card_face.of_request(card_request, way=its_way, at=at)
    return unit.face_at_the_unit(face, in_box, at=at)


def _events_of(card_request):
    """The events of `card_request`, the oldest first."""
    return sorted(_EVENTS.read(key=card_request.pk), key=lambda event: event.pk)


def _open_amendment(card_request):
    if not card_request.needs_amendment:
        return None
    return Amendment.objects.filter(card_request=card_request, answered_at=None).first()


def _with_links(nodes, card_request, *, shipment, payment):
    """The past nodes, with links to more details and the tracking number."""
    links = {
        RequestAction.SUBMIT: (
            f"{card_request.matter}信息查看",
            row_url("application:detail", card_request.reference),
        )
    }
    if payment:
        links[RequestAction.PAY] = ("查看支付订单", payment.get_absolute_url())
    if shipment:
        links[RequestAction.ACCEPT] = ("收件信息", "#shipment")
    links[RequestAction.COLLECT] = (
        "领卡回执",
        row_url("progress:receipt", card_request.reference),
    )
    tracking = {RequestAction.DISPATCH: card_request.tracking_number}
    return [
        replace(node, link=links.get(node.action), tracking=tracking.get(node.action, ""))
        if node.at
        else node
        for node in nodes
    ]


def _payment(payments):
    """The order behind 查看支付订单: the paid one, else the last that was tried."""
    return next((payment for payment in payments if payment.is_paid), next(iter(payments), None))


def _asked(amendment, card_request):
    """What is to be changed and why; of the portrait also the picture that is meant."""
    if amendment is None:
        return []
    pictures = {}
    if card_request.particulars.portrait:
        which = [card_request.reference, "final"]
        pictures["portrait"] = {"picture": reverse("application:portrait_image", args=which)}
    return [
        {"label": registry.get(item["field"]).label, "reason": item["reason"]}
        | pictures.get(item["field"], {})
        for item in amendment.items
    ]
