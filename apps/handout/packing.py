"""What the bureau has sent for the unit becomes boxes: the worker's part."""

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef

from apps.bureau.models import ProductionOrder
from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.common.moments import day_of
from apps.events.enums import AS_WORKER
from apps.handout import policies
from apps.handout.departments import department_of
from apps.handout.enums import BoxAction, BoxCardAction, BoxCardStatus, BoxStatus
from apps.handout.models import Box, BoxCard
from apps.lifecycle import engine


def pack_sent(*, at, limit):
    """Put up to `limit` cards that were sent to the unit on the list of their box. Idempotent.

    A box is what one bureau sent under one number; without a number, on one day. Returns how many.
    """
    listed = BoxCard.objects.filter(card_request=OuterRef("pk")).exclude(
        status=BoxCardStatus.SURPLUS
    )
    sent = CardRequest.objects.filter(
        ~Exists(listed), status=RequestStatus.DISPATCHED, is_collected_by_unit=True
    )
    done = 0
    for card_request in sent.select_related("holder", "applicant__holder", "card").order_by("pk")[
        :limit
    ]:
        try:
            with transaction.atomic():
                _pack(card_request, at=at)
        except IntegrityError:  # another worker was first
            continue
        done += 1
    return done


def _pack(card_request, *, at):
    extra = BoxCard.objects.filter(card=card_request.card, status=BoxCardStatus.SURPLUS).first()
    department = department_of(card_request.holder, card_request.applicant)
    if extra is not None:
        engine.move(
            extra,
            BoxCardAction.ADOPT,
            at=at,
            card_request=card_request,
            department=department,
            kept_until=policies.end_of_keeping(at),
            next_reminder_at=policies.first_reminder(at),
            **AS_WORKER,
        )
        return
    box = _box_of(card_request, at=at)
    if box.status == BoxStatus.CHECKED:
        # Nobody would look for the card in a box that is closed.
        engine.move(box, BoxAction.REOPEN, at=at, **AS_WORKER)
    row = BoxCard(
        box=box,
        card=card_request.card,
        card_request=card_request,
        holder=card_request.holder,
        department=department,
    )
    engine.begin(row, BoxCardAction.EXPECT, at=at, **AS_WORKER)


def _box_of(card_request, *, at):
    sent_date = day_of(card_request.status_since)
    order = ProductionOrder.objects.live().filter(card_request=card_request).select_related("batch")
    found = order.first()
    bureau = found.batch.bureau if found else ""
    number = card_request.tracking_number or sent_date.isoformat()
    box = Box.objects.filter(bureau=bureau, number=number).first()
    if box is None:
        box = Box(bureau=bureau, number=number, carrier=card_request.carrier, sent_date=sent_date)
        engine.begin(box, BoxAction.PACK, at=at, **AS_WORKER)
    return box
