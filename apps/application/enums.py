from enum import StrEnum


class Ineligibility(StrEnum):
    """Why somebody cannot apply."""

    UNKNOWN_PERSON = "unknown_person"  # 1 人员不存在
    DUPLICATE = "duplicate"  # 2 重复申请
    DECEASED = "deceased"  # 3 不允许办理, with its reasons
    LEFT = "left"
    CARD_ELSEWHERE = "card_elsewhere"
    CARD_IN_HAND = "card_in_hand"
    CARD_SEALED = "card_sealed"
    CARD_SUSPENDED = "card_suspended"
    CARD_LOST = "card_lost"
    MINOR = "minor"
    OF_AGE = "of_age"
    OTHER_DOCUMENT = "other_document"
    CITY_NOT_OPEN = "city_not_open"
    BANK_NOT_IN_CITY = "bank_not_in_city"
    BANK_NOT_NATIONWIDE = "bank_not_nationwide"

    @property
    def upstream(self):
        """The answer of the official check that it belongs to; "" for a reason of our own."""
        return _UPSTREAM.get(self, "")


_UPSTREAM = {
    Ineligibility.UNKNOWN_PERSON: "人员不存在",
    Ineligibility.DUPLICATE: "重复申请",
    Ineligibility.DECEASED: "不允许办理",
    Ineligibility.CARD_ELSEWHERE: "不允许办理",
    Ineligibility.CARD_SEALED: "不允许办理",
    Ineligibility.CARD_IN_HAND: "不允许办理",
    Ineligibility.CARD_SUSPENDED: "不允许办理",
    Ineligibility.CARD_LOST: "不允许办理",
}
