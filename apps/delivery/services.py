"""What an applicant does about the address for the card."""

from django.conf import settings
from django.db import transaction

from apps.cards.models import CardRequest
from apps.cards.permissions import role_of
from apps.common.refusals import Refused
from apps.delivery import tariff
from apps.delivery.enums import FREE_TIERS, DeliveryMethod, Tier
from apps.delivery.models import Shipment
from apps.delivery.policies import check_offered, check_open, is_settled


class PostageDiffers(Refused):
    """The postage is paid, and the new address would cost another amount."""


def author_of(*, card_request):
    """(user, moment) of who saved the address of `card_request` last; Nones before the first."""
    saved = Shipment.objects.filter(card_request=card_request).select_related("saved_by__holder")
    shipment = saved.first()
    return (shipment.saved_by, shipment.saved_at) if shipment else (None, None)


@transaction.atomic
def save_shipment(
    *,
    card_request,
    method,
    by,
    at,
    recipient="",
    phone="",
    city=None,
    county=None,
    address="",
    postcode="",
    branch="",
):
    """Store where the card of `card_request` goes, with the postage by the rule of the request.

    Returns the `Shipment`. Only the group of arguments that belongs to `method` is stored. Once the
    postage is paid, the address may still change until the card is made, within the tier that was
    paid. Raises `NotYours`, `NotOffered`, `TooLateToChange`,
    `PostageDiffers`.
    """
    role_of(by, card_request.holder, at=at)
    # The lock keeps a payment from being confirmed for the old address at the same moment.
    locked = CardRequest.objects.select_for_update(of=("self",)).select_related("city", "rule")
    current = locked.get(pk=card_request.pk)
    check_offered(card_request=current, method=method, at=at)
    if method == DeliveryMethod.MAIL:
        tier = tariff.tier(current.city, city)
        values = {
            "recipient": recipient,
            "phone": phone,
            "province": city.province,
            "city": city,
            "county": county,
            "address": address,
            "postcode": postcode,
            "branch": "",
        }
    else:
        tier = FREE_TIERS[DeliveryMethod(method)]
        values = dict.fromkeys(("recipient", "phone", "address", "postcode"), "")
        values |= {"province": None, "city": None, "county": None}
        values["branch"] = branch if method == DeliveryMethod.PICKUP else ""
    values |= {"method": method, "tier": tier, "saved_at": at, "saved_by": by}
    values["postage_fen"] = _postage(current, tier)
    current.is_collected_by_unit = method == DeliveryMethod.UNIT
    current.save(update_fields=["is_collected_by_unit"])
    card_request.is_collected_by_unit = current.is_collected_by_unit
    shipment, _ = Shipment.objects.update_or_create(card_request=current, defaults=values)
    return shipment


def _postage(card_request, tier):
    """What is to be paid, or what was paid.

    Raises unless `card_request` allows a change to `tier`.
    """
    check_open(card_request=card_request)
    if not is_settled(card_request):
        return tariff.fen_of(card_request.rule, tier)
    paid = Shipment.objects.get(card_request=card_request)
    if paid.tier == tier:
        return paid.postage_fen
    if {paid.tier, tier} & set(FREE_TIERS.values()):
        message = "缴费完成后不能再更换领卡方式，只能修改同一方式的内容。"
    else:
        message = (
            f"已按「{Tier(paid.tier).label}」支付邮寄费，缴费后只能改到同一范围内的地址；"
            f"新地址属于「{Tier(tier).label}」。请填写{Tier(paid.tier).label}的地址，"
            f"或联系{settings.PORTAL_OPERATOR['contact']}。"
        )
    raise PostageDiffers(message, code="other_tier")
