"""How a card reaches its holder, and the tiers of the postage. Stored values never change."""

from django.db import models


class DeliveryMethod(models.TextChoices):
    MAIL = "MAIL", "邮寄到家"
    UNIT = "UNIT", "单位统一领取"
    PICKUP = "PICKUP", "银行网点自取"


class Tier(models.TextChoices):
    FREE = "FREE", "自取免费"
    UNIT = "UNIT", "单位领取免费"
    SAME_CITY = "SAME_CITY", "同城"
    SAME_PROVINCE = "SAME_PROVINCE", "省内"
    ELSEWHERE = "ELSEWHERE", "省外"


# The tier of a way that costs no postage; it depends on nothing else.
FREE_TIERS = {DeliveryMethod.PICKUP: Tier.FREE, DeliveryMethod.UNIT: Tier.UNIT}
