"""The postage: the issuing city compared with the receiving one (manual, part 1: 支付邮寄费用)."""

from apps.delivery.enums import Tier


def tier(issuing, receiving):
    """The `Tier` of a parcel from one `City` to another.

    省本级 sends from its seat, and a municipality is one city: both follow from
    `City.mails_from_code`.
    """
    if issuing.mails_from_code == receiving.mails_from_code:
        return Tier.SAME_CITY
    if issuing.province_id == receiving.province_id:
        return Tier.SAME_PROVINCE
    return Tier.ELSEWHERE


def postage_fen(issuing, receiving):
    """What the parcel costs today, by the tariff of the issuing city."""
    return fen_of(issuing, tier(issuing, receiving))


def fen_of(issuing, tier):
    """What the issuing `City` asks for a parcel of this `Tier`."""
    return {
        Tier.FREE: 0,
        Tier.SAME_CITY: issuing.postage_same_city_fen,
        Tier.SAME_PROVINCE: issuing.postage_same_province_fen,
        Tier.ELSEWHERE: issuing.postage_elsewhere_fen,
    }[tier]
