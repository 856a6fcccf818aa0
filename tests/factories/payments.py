"""Addresses and payments of requests, through the services."""

from datetime import timedelta

from apps.cards.enums import REQUEST_NOT_SUBMITTED, RequestStatus
from apps.delivery import services as delivery
from apps.delivery.enums import DeliveryMethod
from apps.payments import services, settlement
from apps.payments.amounts import fees_of
from tests.factories.cards import AT, WAYS, make_request
from tests.factories.recorded import recorded
from tests.factories.regions import make_city, make_county

LATER = AT + timedelta(minutes=10)

MAIL = {
    "method": DeliveryMethod.MAIL,
    "recipient": "张超",
    "phone": "13800138000",
    "address": "共青团西路88号",
    "postcode": "250000",
}
PICKUP = {"method": DeliveryMethod.PICKUP, "branch": "历下支行"}
UNIT = {"method": DeliveryMethod.UNIT, "branch": ""}


def make_shipment(card_request, *, at=AT, by=None, city=None, county=None, **fields):
    """The 收件信息 of `card_request`: mailed within the issuing city unless told otherwise."""
    values = MAIL | fields
    if values["method"] == DeliveryMethod.MAIL:
        values |= {"city": city or make_city(), "county": county or make_county()}
        if city is not None and county is None:
            values["county"] = None
    else:
        values = {name: values[name] for name in ("method", "branch")}
    return delivery.save_shipment(
        card_request=card_request, **values, by=by or card_request.applicant, at=at
    )


@recorded
def make_addressed(status, *, at=AT, **options):
    """A request that reached `status`, with an address as soon as it went on from 待缴费."""
    if status in REQUEST_NOT_SUBMITTED:
        return make_request(status, at=at, **options)
    submitted = make_request(RequestStatus.SUBMITTED, at=at, **options)
    return go_on_addressed(submitted, status)


def go_on_addressed(card_request, status, **fields):
    """Give a submitted request its address (`fields`), unless it stays there, and send it on to
    `status`.
    """
    at = card_request.status_since
    way = WAYS[status][1:]
    if way:
        make_shipment(card_request, at=at, **fields)
    for number, step in enumerate(way, start=1):
        step(card_request, at=at + timedelta(minutes=number))
    return card_request


@recorded
def make_payable(*, at=AT, city=None, **options):
    """A submitted request with an address in the issuing city: 10 yuan are due."""
    card_request = make_request(RequestStatus.SUBMITTED, at=at, **options)
    make_shipment(card_request, at=at, city=city)
    return card_request


def start(card_request, *, at=LATER, **options):
    """The running payment of `card_request`, and the address of the cashier: `(payment, url)`."""
    return services.start(
        card_request=card_request,
        amount_fen=fees_of(card_request, at=at).total_fen,
        subject="社会保障卡申领费用",
        by=card_request.applicant,
        at=at,
        **options,
    )


@recorded
def make_payment(*, card_request=None, at=LATER):
    """A payment whose payer is at the cashier, of a request of ten minutes before."""
    return start(card_request or make_payable(at=at - (LATER - AT)), at=at).payment


def confirm(payment, *, at=LATER, trade_number=None):
    """The money arrives."""
    settlement.confirm(
        payment=payment,
        trade_number=trade_number or f"T{payment.reference}",
        amount_fen=payment.amount_fen,
        paid_at=at,
        at=at,
    )


@recorded
def make_paid(*, card_request=None, at=LATER):
    """A payment that is paid; its request is PAID."""
    payment = make_payment(card_request=card_request, at=at)
    confirm(payment, at=at + timedelta(minutes=1))
    return payment
