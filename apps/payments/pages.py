"""What 确认支付 shows, line by line: it is what the payer confirms."""

from apps.common import money
from apps.common.visibility import shown
from apps.payments.amounts import fees_of
from apps.unsent.shown import check_as_shown, part, seal_parts


def about(card_request):
    """What its hidden field is about."""
    return f"pay:{card_request.pk}"


def parts(card_request, *, at):
    """Every line of the page about money and address: `Part`s. None without a shipment."""
    fees = fees_of(card_request, at=at)
    if fees is None:
        return []
    shipment = card_request.shipment
    return [
        part("邮寄费", f"{money.yuan(fees.postage_fen)} 元"),
        part("工本费", f"{money.yuan(fees.card_fee_fen)} 元"),
        part("领卡方式", shipment.get_method_display()),
        part("领卡网点", shipment.branch),
        part("收件人", shown(shipment.recipient, "page.recipient"), shipment.recipient),
        part("手机号", shown(shipment.phone, "page.phone"), shipment.phone),
        part("地址", shipment.region, f"{shipment.full_address} {shipment.postcode}"),
    ]


def token(card_request, *, at):
    """The hidden field of the page that shows `card_request`."""
    return seal_parts(about(card_request), parts(card_request, at=at))


def check(card_request, *, shown, at):
    """Raise `NotAsShown` unless the page with the hidden field `shown` shows what there is now."""
    shipment = getattr(card_request, "shipment", None)
    check_as_shown(
        shown,
        about(card_request),
        parts(card_request, at=at),
        first=shipment and (shipment.saved_by, shipment.saved_at),
    )
