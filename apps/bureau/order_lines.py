"""What a card maker has to know of an order: a row of the order file, column by column."""

from apps.bureau.port import OrderLine

_DAY = "%Y%m%d"  # 99991231 stands for a document that is valid for ever
BY_MAIL, TO_COLLECT = "1", "0"


def _day(day):
    return f"{day:{_DAY}}" if day else ""


def _guardian(name):
    return lambda p, r, s: getattr(p.guardian, name) if p.guardian else ""


def _of_shipment(name):
    return lambda p, r, s: getattr(s, name) if s else ""


def _place(name):
    return lambda p, r, s: getattr(getattr(s, name), "name", "") if s else ""


# From the particulars, the request and the shipment (None for a request without one) of an order.
# The codes are those of the card manager's interface.
COLUMNS = {
    "kind": lambda p, r, s: r.kind,
    "replacement_reason": lambda p, r, s: r.replacement_reason,
    "old_card_number": lambda p, r, s: r.old_card.card_number if r.old_card else "",
    "id_type": lambda p, r, s: p.id_type,
    "id_number": lambda p, r, s: p.id_number,
    "name": lambda p, r, s: p.name,
    "sex": lambda p, r, s: p.sex,
    "birth_date": lambda p, r, s: _day(p.birth_date),
    "ethnicity": lambda p, r, s: p.ethnicity,
    "nationality": lambda p, r, s: p.nationality,
    "id_valid_from": lambda p, r, s: _day(p.id_valid_from),
    "id_valid_until": lambda p, r, s: _day(p.id_valid_until),
    "phone": lambda p, r, s: p.phone,
    "address": lambda p, r, s: p.address,
    "occupation": lambda p, r, s: p.occupation,
    "guardian_name": _guardian("name"),
    "guardian_id_type": _guardian("id_type"),
    "guardian_id_number": _guardian("id_number"),
    "guardian_relation": lambda p, r, s: p.guardian_relation,
    "delivery": lambda p, r, s: TO_COLLECT if s and s.is_pickup else BY_MAIL,
    "recipient": _of_shipment("recipient"),
    "recipient_phone": _of_shipment("phone"),
    "recipient_province": _place("province"),
    "recipient_city": _place("city"),
    "recipient_county": _place("county"),
    "recipient_address": _of_shipment("address"),
    "recipient_postcode": _of_shipment("postcode"),
    "branch": _of_shipment("branch"),
}


def of_batch(batch, *, with_particulars):
    """The `OrderLine`s of `batch`; the personal columns are read and decrypted on demand only."""
    orders = batch.orders.select_related("request__city", "request__bank", "request__shipment")
    if with_particulars:
        orders = orders.select_related(
            "request__particulars__guardian",
            "request__old_card",
            "request__shipment__province",
            "request__shipment__city",
            "request__shipment__county",
        )
    else:
        orders = orders.defer(
            *(f"request__shipment__{name}" for name in ("recipient", "phone", "address"))
        )
    return [_line(order, with_particulars=with_particulars) for order in orders.order_by("pk")]


def _line(order, *, with_particulars):
    request = order.request
    shipment = getattr(request, "shipment", None)
    line = {
        "reference": order.reference,
        "city_code": request.city.code,
        "bank_code": request.bank.code,
        "is_pickup": shipment is not None and shipment.is_pickup,
    }
    if not with_particulars:
        return OrderLine(**line)
    particulars = request.particulars
    return OrderLine(
        **line,
        particulars={
            name: str(value(particulars, request, shipment)) for name, value in COLUMNS.items()
        },
        portrait=particulars.portrait or None,
    )
