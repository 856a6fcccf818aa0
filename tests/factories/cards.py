"""Cards and requests in any state, reached through the real moves and services."""

from datetime import date, timedelta
from itertools import count

from apps.bureau import production
from apps.cards.enums import CardAction, CardStatus, RequestAction, RequestStatus
from apps.cards.models import Card, CardRequest
from apps.common.moments import day_of
from apps.events.enums import AS_GATEWAY, AS_WORKER, Channel, Role
from apps.lifecycle import engine
from apps.people.models import User
from apps.requests import services
from apps.risks.differences import compared, row_on_file
from apps.verification.enums import CheckMethod, Purpose
from tests.factories.checks import pass_check
from tests.factories.moments import AT
from tests.factories.people import make_holder, make_reviewer
from tests.factories.recorded import recorded
from tests.factories.regions import make_bank, make_city

_card_numbers = count(1)
ROSTER_PHOTO = "reference/test.jpg"  # its file is there where `filed_portrait` is taken
COMPLETE = {
    "ethnicity": "01",
    "id_valid_from": date(2020, 1, 1),
    "id_valid_until": date(2040, 1, 1),
    "phone": "13800138000",
    "address": "山东省淄博市张店区共青团西路 88 号",
    "occupation": "2000000",
    "portrait": "portraits/example.jpg",
}


@recorded
def make_draft(*, holder=None, by=None, city=None, bank=None, at=AT, complete=True, **options):
    """A request in DRAFT, with complete particulars unless told otherwise."""
    holder = holder or make_holder()
    by = by or holder.user
    card_request = services.open_draft(
        holder=holder,
        city=city or make_city(),
        bank=bank or make_bank(),
        by=by,
        at=at,
        **options,
    )
    if complete:
        services.save_draft(card_request=card_request, values=COMPLETE, by=by, at=at)
    card_request.particulars.refresh_from_db()
    return card_request


def submit(card_request, *, at):
    services.submit(card_request=card_request, by=card_request.applicant, at=at)


def pay(card_request, *, at):
    engine.move(
        card_request,
        RequestAction.PAY,
        at=at,
        **AS_GATEWAY,
    )


def accept(card_request, *, at):
    engine.move(card_request, RequestAction.ACCEPT, at=at, **AS_WORKER)


def approve(card_request, *, at):
    services.approve(card_request=card_request, by=make_reviewer(), at=at)


def ask(card_request, *, at, items=None):
    services.request_amendment(
        card_request=card_request,
        items=items or [{"field": "phone", "reason": "手机号打不通"}],
        due_date=day_of(at) + timedelta(days=7),
        by=make_reviewer(),
        at=at,
    )


def reject(card_request, *, at):
    services.reject(card_request=card_request, reason="照片不是本人", by=make_reviewer(), at=at)


def produce(card_request, *, at, card_number=None):
    """Make the card as the worker does when the bureau reports it."""
    number = card_number or f"T{next(_card_numbers):08d}"
    if card_request.old_card is not None:
        engine.move(card_request.old_card, CardAction.RETIRE, at=at, **AS_WORKER)
    card = Card(
        holder=card_request.holder,
        city=card_request.city,
        bank=card_request.bank,
        card_number=number,
        replaces=card_request.old_card,
    )
    engine.begin(card, CardAction.ISSUE, at=at, **AS_WORKER)
    engine.move(card_request, RequestAction.PRODUCE, at=at, card=card, **AS_WORKER)


def dispatch(card_request, *, at):
    engine.move(
        card_request,
        RequestAction.DISPATCH,
        at=at,
        carrier="EMS",
        tracking_number="1000000000001",
        **AS_WORKER,
    )


def collect(card_request, *, at):
    services.collect(card_request=card_request, by=card_request.applicant, at=at)


def activate(card, *, at):
    """The holder activates `card`."""
    engine.move(
        card, CardAction.ACTIVATE, by=card.holder.user, role=Role.HOLDER, channel=Channel.WEB, at=at
    )


def discard(card_request, *, at):
    services.discard(card_request=card_request, by=card_request.applicant, at=at)


def withdraw(card_request, *, at):
    services.withdraw(card_request=card_request, by=card_request.applicant, at=at)


def lapse(card_request, *, at):
    engine.move(card_request, RequestAction.LAPSE, at=at, **AS_WORKER)


# The way into every status, as the steps from a fresh draft.
_TO_ACCEPTED = (submit, pay, accept)
WAYS = {
    RequestStatus.DRAFT: (),
    RequestStatus.SUBMITTED: (submit,),
    RequestStatus.DISCARDED: (discard,),
    RequestStatus.WITHDRAWN: (submit, withdraw),
    RequestStatus.LAPSED: (submit, lapse),
    RequestStatus.PAID: (submit, pay),
    RequestStatus.ACCEPTED: _TO_ACCEPTED,
    RequestStatus.NEEDS_AMENDMENT: (*_TO_ACCEPTED, ask),
    RequestStatus.APPROVED: (*_TO_ACCEPTED, approve),
    RequestStatus.REJECTED: (*_TO_ACCEPTED, reject),
    RequestStatus.PRODUCED: (*_TO_ACCEPTED, approve, produce),
    RequestStatus.DISPATCHED: (*_TO_ACCEPTED, approve, produce, dispatch),
    RequestStatus.COLLECTED: (*_TO_ACCEPTED, approve, produce, dispatch, collect),
}


@recorded
def make_request(status, *, at=AT, **options) -> CardRequest:
    """A request that reached `status` through the moves, one minute after the other from `at`."""
    card_request = make_draft(at=at, **options)
    for number, step in enumerate(WAYS[RequestStatus(status)], start=1):
        step(card_request, at=at + timedelta(minutes=number))
    return card_request


@recorded
def make_calm(status=RequestStatus.ACCEPTED, **options) -> CardRequest:
    """A request without a risk: filled in as the roster says, with a face that was compared."""
    card_request = make_request(status, **options)
    given = card_request.particulars
    given.refresh_from_db()
    for declared in compared().values():
        row = row_on_file(declared, card_request)
        for column in declared.columns:
            setattr(given, column, getattr(row, column) or getattr(given, column))
    given.save()
    if given.guardian is None and not card_request.holder.reference_photo:
        card_request.holder.reference_photo = ROSTER_PHOTO
        card_request.holder.save(update_fields=["reference_photo"])
    pass_check(
        holder=card_request.holder,
        by=card_request.applicant,
        purpose=Purpose.APPLY,
        at=card_request.status_since,
        card_request=card_request,
        method=CheckMethod.FACE,
    )
    return card_request


@recorded
def make_card(status=CardStatus.ACTIVE, *, at=AT, holder=None, **options) -> Card:
    """A card that reached `status` through the moves; its request is collected."""
    card_request = make_request(RequestStatus.COLLECTED, at=at, holder=holder, **options)
    card = card_request.card
    user: User = card_request.applicant
    own = {"by": user, "role": Role.HOLDER, "channel": Channel.WEB}
    review = {"by": make_reviewer(), "role": Role.REVIEWER, "channel": Channel.ADMIN}
    later = at + timedelta(hours=1)
    if status != CardStatus.SEALED:
        engine.move(card, CardAction.ACTIVATE, at=later, **own)
    if status == CardStatus.SUSPENDED:
        until = later + timedelta(days=7)
        engine.move(card, CardAction.REPORT_LOSS, at=later, suspended_until=until, **own)
    if status == CardStatus.LOST:
        engine.move(card, CardAction.CONFIRM_LOSS, at=later, **review)
    if status == CardStatus.RETIRED:
        engine.move(card, CardAction.RETIRE, at=later, **review)
    return card


__all__ = [
    "AT",
    "AS_WORKER",
    "COMPLETE",
    "make_calm",
    "make_card",
    "make_draft",
    "make_request",
    "production",
]
