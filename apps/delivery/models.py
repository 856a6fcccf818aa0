"""Where the card of a request goes."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThan

from apps.cards.models import CardRequest
from apps.delivery.enums import FREE_TIERS, DeliveryMethod, Tier
from apps.encryption.fields import EncryptedTextField, is_empty
from apps.people.models import seen_by
from apps.regions.models import City, County, Province


def _filled(name):
    """An encrypted column cannot be compared, but its length can."""
    return GreaterThan(Length(name), 0)


FILLED_AS_MAIL = (
    Q(method=DeliveryMethod.MAIL, province__isnull=False, city__isnull=False, branch="")
    & ~Q(tier__in=tuple(FREE_TIERS.values()))
    & Q(_filled("recipient"))
    & Q(_filled("phone"))
    & Q(_filled("address"))
)
# The columns that stay after `forget_shipments`.
FORGOTTEN = (
    Q(county__isnull=True, postcode="", branch="")
    & is_empty("recipient")
    & is_empty("phone")
    & is_empty("address")
)
FILLED_AS_PICKUP = (
    Q(method=DeliveryMethod.PICKUP, province__isnull=True, city__isnull=True, county__isnull=True)
    & Q(postcode="", tier=Tier.FREE, postage_fen=0)
    & ~Q(branch="")
    & is_empty("recipient")
    & is_empty("phone")
    & is_empty("address")
)
FILLED_AS_UNIT = (
    Q(method=DeliveryMethod.UNIT, province__isnull=True, city__isnull=True, county__isnull=True)
    & Q(postcode="", tier=Tier.UNIT, postage_fen=0, branch="")
    & is_empty("recipient")
    & is_empty("phone")
    & is_empty("address")
)


class ShipmentQuerySet(models.QuerySet):
    def visible_to(self, user, *, at):
        """Those of the requests that the user may see at the moment `at`."""
        return self.filter(seen_by(user, at=at, person="card_request__holder"))


def shipment_at(card_request, at):
    """The shipment of `card_request` at the moment `at`; None before it is filled in.

    What a guardian filled in is nobody's address any more once the person has turned 16 and nothing
    was paid for it. Select `holder` and `shipment` along.
    """
    shipment = getattr(card_request, "shipment", None)
    if shipment is None or not card_request.awaits_payment:
        return shipment
    is_own = shipment.saved_by_id == card_request.holder.user_id
    return None if not is_own and card_request.is_handed_over(at) else shipment


class Shipment(models.Model):
    """收件信息: by mail to an address, to be collected at a branch of the issuing bank, or by the
    unit, which hands it out.
    """

    card_request = models.OneToOneField(
        CardRequest, models.PROTECT, related_name="shipment", verbose_name="申请"
    )
    method = models.CharField("领卡方式", max_length=8, choices=DeliveryMethod)
    recipient = EncryptedTextField("收件人", blank=True)
    phone = EncryptedTextField("手机号", blank=True)
    province = models.ForeignKey(
        Province, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="省份"
    )
    city = models.ForeignKey(
        City, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="城市"
    )
    county = models.ForeignKey(
        County, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="区县"
    )
    address = EncryptedTextField("详细地址", blank=True)
    postcode = models.CharField("邮政编码", max_length=6, blank=True)
    branch = models.CharField("领卡网点", max_length=50, blank=True)
    tier = models.CharField("邮寄范围", max_length=16, choices=Tier)
    postage_fen = models.PositiveIntegerField(
        "邮寄费（分）", help_text="填写收件信息时的价格，以后调价不影响"
    )
    saved_at = models.DateTimeField("保存时间")
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="填写人"
    )
    forgotten_at = models.DateTimeField(
        "清空时间", null=True, blank=True, help_text="办结多时，收件信息已删除"
    )

    objects = ShipmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "收件信息"
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(forgotten_at__isnull=True)
                    & (FILLED_AS_MAIL | FILLED_AS_PICKUP | FILLED_AS_UNIT)
                )
                | (Q(forgotten_at__isnull=False) & FORGOTTEN),
                name="shipment_is_filled_as_its_method_says",
                violation_error_message=(
                    "邮寄要填写收件人、手机号、地区和详细地址；自取只填写领卡网点；"
                    "单位统一领取什么都不用填。"
                ),
            ),
            models.CheckConstraint(
                condition=Q(postcode="") | Q(postcode__regex=r"^[0-9]{6}$"),
                name="shipment_postcode_is_six_digits",
                violation_error_message="邮政编码应为 6 位数字。",
            ),
        ]

    def __str__(self):
        return f"收件信息 #{self.pk}"

    @property
    def is_pickup(self):
        return self.method == DeliveryMethod.PICKUP

    @property
    def is_by_unit(self):
        return self.method == DeliveryMethod.UNIT

    @property
    def region(self):
        """山东省淄博市张店区; empty unless mailed. Select `city__province` and `county` along."""
        if self.city is None:
            return ""
        return self.city.full_name + (self.county.name if self.county else "")

    @property
    def full_address(self):
        """Region and address as one line, as it stands on the parcel."""
        return f"{self.region}{self.address}"
