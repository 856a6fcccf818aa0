"""The columns of an order file: what a card maker has to know of an order."""

import logging
from datetime import date

from django.db import DatabaseError

from apps.bureau.port import OrderLine
from apps.delivery.enums import DeliveryMethod
from apps.encryption.ciphers import InvalidToken
from apps.requests import registry
from apps.requests.models import Particulars

logger = logging.getLogger(__name__)

_DAY = "%Y%m%d"  # 99991231 stands for a document that is valid for ever
BY_MAIL, TO_COLLECT, BY_UNIT = "1", "0", "2"


def _code(value):
    if isinstance(value, date):
        return f"{value:{_DAY}}"
    return str(value or "")


def value_of(declared, column):
    """The value of a `column` of the field `declared`, as a column of the file has it."""
    return lambda p, r, s: _code(declared.value(p, column))


def _guardian(name):
    return lambda p, r, s: getattr(p.guardian, name) if p.guardian else ""


def _delivery(shipment):
    if shipment is None:
        return BY_MAIL
    return _DELIVERY_CODES[DeliveryMethod(shipment.method)]


_DELIVERY_CODES = {
    DeliveryMethod.MAIL: BY_MAIL,
    DeliveryMethod.PICKUP: TO_COLLECT,
    DeliveryMethod.UNIT: BY_UNIT,
}


def _of_shipment(name):
    return lambda p, r, s: getattr(s, name) if s else ""


def _place(name):
    return lambda p, r, s: getattr(getattr(s, name), "name", "") if s else ""


# From the particulars, the request and the shipment (None for a request without one) of an order.
# The codes are those of the card manager's interface.
_OF_REQUEST = {
    "kind": lambda p, r, s: r.kind,
    "replacement_reason": lambda p, r, s: r.replacement_reason,
    "old_card_number": lambda p, r, s: r.old_card.card_number if r.old_card else "",
}
# The position of these is part of the agreement; a field that is declared later comes at the end.
_AGREED = (
    "id_type",
    "id_number",
    "name",
    "sex",
    "birth_date",
    "ethnicity",
    "nationality",
    "id_valid_from",
    "id_valid_until",
    "phone",
    "address",
    "occupation",
)
_OF_OTHERS = {
    "guardian_name": _guardian("name"),
    "guardian_id_type": _guardian("id_type"),
    "guardian_id_number": _guardian("id_number"),
    "guardian_relation": lambda p, r, s: p.guardian_relation,
    "delivery": lambda p, r, s: _delivery(s),
    "recipient": _of_shipment("recipient"),
    "recipient_phone": _of_shipment("phone"),
    "recipient_province": _place("province"),
    "recipient_city": _place("city"),
    "recipient_county": _place("county"),
    "recipient_address": _of_shipment("address"),
    "recipient_postcode": _of_shipment("postcode"),
    "branch": _of_shipment("branch"),
}


def columns():
    """Name → value, of every column about a card, in the order of docs/bureau-files.md."""
    of_person = {
        column: value_of(declared, column)
        for declared in registry.ordered()
        for column in declared.columns
    }
    agreed = {name: of_person.pop(name) for name in _AGREED}
    return _OF_REQUEST | agreed | _OF_OTHERS | of_person


def address_columns():
    """The names of those that say where a card goes."""
    return [name for name in _OF_OTHERS if not name.startswith("guardian_")]


def of_order(order):
    """The `OrderLine` of one order, whatever its status is."""
    orders = _selected(order.batch.orders.filter(pk=order.pk), with_particulars=True)
    return _line(orders.get(), columns())


def later():
    """The fields in the order file that were declared after the agreement."""
    return [declared for declared in registry.ordered() if not set(declared.columns) & set(_AGREED)]


def of_batch(batch, *, with_particulars):
    """The `OrderLine`s of what goes out with `batch`, and {reference: why} of what can't.

    The personal columns are read and decrypted on demand only. An order whose data can't be read
    doesn't keep back the others.
    """
    orders = _selected(batch.orders.to_send(), with_particulars=with_particulars)
    try:
        found = {order.reference: order for order in orders}
    except (InvalidToken, ValueError):
        # One of them can't be decrypted: each is read alone, which shows which one it is.
        found = dict.fromkeys(orders.values_list("reference", flat=True))
    values = columns() if with_particulars else {}
    lines, faults = [], {}
    for reference, read in found.items():
        try:
            order = read or orders.get(reference=reference)
            lines.append(_line(order, values))
        except DatabaseError:
            raise
        except Exception as error:
            logger.error("order %s can't be read: %s", reference, type(error).__name__)
            faults[reference] = _fault(error)
    return lines, faults


def present_faults(orders):
    """{pk: why it can't be sent, as things are now} of the queryset `orders`.

    Reads what sending reads, so that somebody sees beforehand whether it was mended. One query.
    """
    read = _selected(orders, with_particulars=True)
    return {order.pk: fault for order in read if (fault := _present_fault(order))}


def _present_fault(order):
    try:
        line = _line(order, columns())
        "".join(line.particulars.values()).encode()
    except DatabaseError:
        raise
    except UnicodeEncodeError:
        return WRONG_CHARACTER
    except Exception as error:
        return _fault(error)
    try:
        return "" if line.portrait is None or line.portrait.size else EMPTY_PORTRAIT
    except FileNotFoundError:
        return LOST_PORTRAIT
    except OSError as error:
        return unreadable_portrait(error)


MEND = "请运维员从备份找回，或退回审核，请申请人重新上传。"
LOST_PORTRAIT = f"证件照片的文件不见了。{MEND}"
EMPTY_PORTRAIT = f"证件照片的文件是空的。{MEND}"
WRONG_CHARACTER = "个人信息里有写不进文件的字符。请退回审核，请申请人改正。"


def unreadable_portrait(error):
    return f"证件照片的文件打不开（{error.strerror}）。请运维员检查。"


def _fault(error):
    """Why the data of an order can't be read, for the desk."""
    if isinstance(error, InvalidToken):
        return "个人信息解不开：加密的内容坏了，或密钥换过。请联系运维员。"
    if isinstance(error, Particulars.DoesNotExist):
        return "个人信息不见了。请联系运维员，或退回审核。"
    return "个人信息读不出来。请打开申请核对；看不出问题时请联系运维员。"


def _selected(orders, *, with_particulars):
    orders = orders.select_related(
        "card_request__city", "card_request__bank", "card_request__shipment"
    )
    if with_particulars:
        orders = orders.select_related(
            "card_request__particulars__guardian",
            "card_request__old_card",
            "card_request__shipment__province",
            "card_request__shipment__city",
            "card_request__shipment__county",
        )
    else:
        orders = orders.defer(
            *(f"card_request__shipment__{name}" for name in ("recipient", "phone", "address"))
        )
    return orders.order_by("pk")


def _line(order, values):
    """The `OrderLine` of `order`. `values` are the `columns`, or empty for none of the person."""
    card_request = order.card_request
    shipment = getattr(card_request, "shipment", None)
    line = {
        "reference": order.reference,
        "city_code": card_request.city.code,
        "bank_code": card_request.bank.code,
        "is_pickup": shipment is not None and shipment.is_pickup,
        "is_by_unit": shipment is not None and shipment.is_by_unit,
    }
    if not values:
        return OrderLine(**line)
    particulars = card_request.particulars
    return OrderLine(
        **line,
        particulars={
            name: str(value(particulars, card_request, shipment)) for name, value in values.items()
        },
        portrait=particulars.portrait or None,
    )
