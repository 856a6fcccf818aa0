"""Addresses that change after their orders have left: recorded, and told to the bureaus."""

import logging

from django.db import InterfaceError, OperationalError, transaction

from apps.bureau import batches, event_kinds, order_lines
from apps.bureau.enums import AddressAction
from apps.bureau.models import ProductionOrder
from apps.bureau.port import BureauUnavailable, get_bureau
from apps.bureau.production import record_sent
from apps.common.refusals import Refused
from apps.common.templatetags.formats import moment
from apps.events import services as events
from apps.events.enums import AS_WORKER, Channel, Role

logger = logging.getLogger(__name__)


def tell_addresses(*, at, limit):
    """Record which addresses changed after the bureaus got the orders, and tell them those.

    Returns how many were told. Where a bureau takes none, the first page of the desk says so until
    somebody has called it.
    """
    for order in batches.unrecorded().select_related("card_request").order_by("pk")[:limit]:
        _record_address(order, AddressAction.CHANGE, at=at, **AS_WORKER)
    changed = batches.untold().select_related("batch", "card_request").order_by("pk")
    return sum(_tell_address(order, at=at) for order in changed[:limit])


@transaction.atomic
def note_call(*, order, seen_saved_at, by, at):
    """Record that `by` has told the bureau the new address of `order` on the telephone.

    `seen_saved_at` is when the address was saved of which the page spoke. Raises `Refused` when
    there is nothing to tell any more, and when the address was changed again since.
    """
    current = ProductionOrder.objects.select_for_update(of=("self",))
    order = current.select_related("card_request__shipment").get(pk=order.pk)
    if not batches.untold().filter(pk=order.pk).exists():
        raise Refused("这张制卡单没有要告知的收件信息，可能已由别人告知。", code="told")
    saved_at = order.card_request.shipment.saved_at
    if saved_at != seen_saved_at:
        raise Refused(
            f"收件信息在 {moment(saved_at)} 又改过，您告知的可能是前一个，所以没有记下。"
            "请打开申请看新的收件信息，再告知一次。",
            code="changed",
        )
    _record_address(
        order, AddressAction.PHONE, by=by, role=Role.STAFF, at=at, channel=Channel.ADMIN
    )


def _record_address(order, action, *, by, role, at, channel):
    events.record(
        kind=event_kinds.ADDRESS,
        action=action,
        by=by,
        role=role,
        at=at,
        channel=channel,
        subject_id=order.pk,
        reference=order.reference,
        holder_id=order.card_request.holder_id,
        facts={"request": order.card_request.reference},
    )


def _tell_address(order, *, at):
    try:
        bureau = get_bureau(order.batch.bureau)
        if not bureau.takes_addresses:
            return False
        name = f"{order.reference}-{int(at.timestamp())}"
        files = bureau.tell_address(name, order_lines.of_order(order), at=at)
    except BureauUnavailable as error:
        logger.warning("address of order %s not told: %s", order.reference, error)
        return False
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("address of order %s not told", order.reference)
        return False
    with transaction.atomic():
        record_sent(batch=order.batch, files=files, at=at)
        _record_address(order, AddressAction.SEND, at=at, **AS_WORKER)
    return True
