"""The columns of an order file: what a card maker has to know of an order."""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from apps.bureau.models import ProductionBatch, ProductionOrder
from apps.bureau.port import OrderLine
from apps.common import disk_errors
from apps.delivery.enums import DeliveryMethod
from apps.encryption.ciphers import InvalidToken
from apps.encryption.fields import EncryptedTextField
from apps.queries.prepared import PreparedQuery
from apps.requests import registry
from apps.requests.declaration import Store
from apps.requests.models import Particulars

logger = logging.getLogger(__name__)

BY_MAIL, TO_COLLECT, BY_UNIT = "1", "0", "2"
_DELIVERY_CODES = {
    DeliveryMethod.MAIL: BY_MAIL,
    DeliveryMethod.PICKUP: TO_COLLECT,
    DeliveryMethod.UNIT: BY_UNIT,
}


def _code(value):
    if isinstance(value, date):
        return value.isoformat().replace("-", "")  # 99991231: a document that is valid for ever
    return str(value or "")


@dataclass(frozen=True)
class OrderColumn:
    """A column about a card: what is stored, and how the file writes it.

    `path` leads from a request to the stored value, as in a queryset. `text` gets that value, and
    None where a row on the way is missing.
    """

    path: str
    text: Callable[[Any], str] = _code

    def of_rows(self, particulars, card_request, shipment):
        """The text from rows that are loaded; `shipment` is None for a request without one."""
        first, *others = self.path.split("__")
        own = {"particulars": particulars, "shipment": shipment}
        found = own[first] if first in own else getattr(card_request, first)
        for name in others:
            found = getattr(found, name, None)
        return self.text(found)


def column_of(declared, name):
    """The `OrderColumn` of the column `name` of the field `declared`."""
    if declared.store == Store.EXTRA:
        return OrderColumn(
            "particulars__extra", lambda extra: _code(json.loads(extra or "{}").get(name))
        )
    return OrderColumn(f"particulars__{name}")


# The codes are those of the card manager's interface.
_OF_REQUEST = {
    "kind": OrderColumn("kind"),
    "replacement_reason": OrderColumn("replacement_reason"),
    "old_card_number": OrderColumn("old_card__card_number"),
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
    "guardian_name": OrderColumn("particulars__guardian__name"),
    "guardian_id_type": OrderColumn("particulars__guardian__id_type"),
    "guardian_id_number": OrderColumn("particulars__guardian__id_number"),
    "guardian_relation": OrderColumn("particulars__guardian_relation"),
    "delivery": OrderColumn(
        "shipment__method", lambda method: _DELIVERY_CODES[method] if method else BY_MAIL
    ),
    "recipient": OrderColumn("shipment__recipient"),
    "recipient_phone": OrderColumn("shipment__phone"),
    "recipient_province": OrderColumn("shipment__province__name"),
    "recipient_city": OrderColumn("shipment__city__name"),
    "recipient_county": OrderColumn("shipment__county__name"),
    "recipient_address": OrderColumn("shipment__address"),
    "recipient_postcode": OrderColumn("shipment__postcode"),
    "branch": OrderColumn("shipment__branch"),
}


def columns():
    """Name → `OrderColumn`, of every column about a card, in the order of docs/bureau-files.md."""
    of_person = {
        name: column_of(declared, name)
        for declared in registry.ordered()
        for name in declared.columns
    }
    agreed = {name: of_person.pop(name) for name in _AGREED}
    return _OF_REQUEST | agreed | _OF_OTHERS | of_person


def address_columns():
    """The names of those that say where a card goes."""
    return [name for name in _OF_OTHERS if not name.startswith("guardian_")]


def of_order(order):
    """The `OrderLine` of one order, whatever its status is."""
    values = columns()
    told = ProductionOrder.objects.values(*_paths(values)).get(pk=order.pk)
    return _line(told, values)


def later():
    """The fields in the order file that were declared after the agreement."""
    return [declared for declared in registry.ordered() if not set(declared.columns) & set(_AGREED)]


def of_batch(batch, *, with_particulars):
    """The `OrderLine`s of what goes out with `batch`, and {reference: why} of what can't.

    The personal columns are read and decrypted on demand only. An order whose data can't be read
    doesn't keep back the others.
    """
    values = columns() if with_particulars else {}
    paths = _paths(values)
    lines, faults = [], {}
    for row in _of_batch(paths).read(batch=batch.pk):
        told = dict(zip(paths, row, strict=True))
        try:
            lines.append(_line(told, values))
        except Exception as error:
            logger.error("order %s can't be read: %s", told["reference"], type(error).__name__)
            faults[told["reference"]] = _fault(error)
    return lines, faults


def present_faults(orders):
    """{pk: why it can't be sent, as things are now} of the queryset `orders`.

    Reads what sending reads, so that somebody sees beforehand whether it was mended. One query.
    """
    values = columns()
    read = orders.order_by("pk").values(*_paths(values))
    return {told["pk"]: fault for told in read if (fault := _present_fault(told, values))}


def _present_fault(told, values):
    try:
        line = _line(told, values)
        "".join(line.particulars.values()).encode()
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


class ParticularsMissing(Exception):
    """A request in production has no particulars."""


MEND = "请运维员从备份找回，或退回审核，请申请人重新上传。"
LOST_PORTRAIT = f"证件照片的文件不见了。{MEND}"
EMPTY_PORTRAIT = f"证件照片的文件是空的。{MEND}"
WRONG_CHARACTER = "个人信息里有写不进文件的字符。请退回审核，请申请人改正。"


def unreadable_portrait(error):
    return f"证件照片的文件打不开（{disk_errors.in_words(error)}）。请运维员检查。"


def _fault(error):
    """Why the data of an order can't be read, for the desk."""
    if isinstance(error, InvalidToken):
        return "个人信息解不开：加密的内容坏了，或密钥换过。请联系运维员。"
    if isinstance(error, ParticularsMissing):
        return "个人信息不见了。请联系运维员，或退回审核。"
    return "个人信息读不出来。请打开申请核对；看不出问题时请联系运维员。"


_CITY, _BANK = "card_request__city__code", "card_request__bank__code"
_METHOD = "card_request__shipment__method"
# Whether there are particulars, and where their picture is.
_PARTICULARS, _PORTRAIT = "card_request__particulars__pk", "card_request__particulars__portrait"


def _paths(values):
    """What is read for a line with the columns `values`: paths from an order, each once."""
    own = ["pk", "reference", _CITY, _BANK, _METHOD]
    if values:
        own += [_PARTICULARS, _PORTRAIT, *(_from_order(column) for column in values.values())]
    return tuple(dict.fromkeys(own))


def _from_order(column):
    return f"card_request__{column.path}"


@cache
def _of_batch(paths):
    return PreparedQuery(
        lambda batch: (
            ProductionOrder.objects.filter(batch=batch).to_send().order_by("pk").values_list(*paths)
        ),
        batch=ProductionBatch,
    )


@cache
def _encrypted(paths):
    """Path and field of those that are encrypted."""
    fields = ((path, _field(path)) for path in paths)
    return [(path, field) for path, field in fields if isinstance(field, EncryptedTextField)]


def _field(path):
    model: Any = ProductionOrder
    for name in path.split("__"):
        field = model._meta.pk if name == "pk" else model._meta.get_field(name)
        model = field.related_model
    return field


def _line(told, values):
    """The `OrderLine` of `told`: path → what was read of an order, see `_paths`.

    `values` are the `columns`, or empty for none of the person. Raises `ParticularsMissing`, and
    `InvalidToken` for what can't be decrypted.
    """
    line = {
        "reference": told["reference"],
        "city_code": told[_CITY],
        "bank_code": told[_BANK],
        "is_pickup": told[_METHOD] == DeliveryMethod.PICKUP,
        "is_by_unit": told[_METHOD] == DeliveryMethod.UNIT,
    }
    if not values:
        return OrderLine(**line)
    if told[_PARTICULARS] is None:
        raise ParticularsMissing
    told = told | {
        path: field.opened(told[path]) for path, field in _encrypted(tuple(told)) if told[path]
    }
    return OrderLine(
        **line,
        particulars={
            name: column.text(told[_from_order(column)]) for name, column in values.items()
        },
        portrait=_portrait(told[_PORTRAIT]) if told[_PORTRAIT] else None,
    )


def _portrait(name):
    """The stored picture `name`, as the attribute of a row would be."""
    field: Any = Particulars._meta.get_field("portrait")
    return field.attr_class(None, field, name)
