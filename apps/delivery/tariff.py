"""The postage: the issuing city compared with the receiving one (manual, part 1: 支付邮寄费用)."""

from apps.delivery.enums import FREE_TIERS, Tier


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


def is_free(method):
    """Whether no postage is due: the card is fetched at a branch, or handed out by the unit."""
    return method in FREE_TIERS


def fen_of(rule, tier):
    """The postage in fen for a parcel of this `Tier`, by a `CityRule` of the issuing city."""
    return {
        Tier.FREE: 0,
        Tier.UNIT: 0,
        Tier.SAME_CITY: rule.postage_same_city_fen,
        Tier.SAME_PROVINCE: rule.postage_same_province_fen,
        Tier.ELSEWHERE: rule.postage_elsewhere_fen,
    }[tier]
