"""The card itself."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

from apps.cards.enums import CARD_IN_HAND, CARD_NOT_RETIRED, CardAction, CardStatus
from apps.cards.lifecycle import CARD
from apps.common.references import new_reference
from apps.encryption.fields import BlindIndexField, EncryptedTextField, blind_indexes
from apps.lifecycle.models import Living, LivingQuerySet
from apps.people.models import Holder, seen_by
from apps.queries.arrays import among
from apps.regions.models import Bank, City

NINE_CHARACTERS = RegexValidator(r"^[A-Z0-9]{9}\Z", "社保卡号应为 9 位大写字母或数字。")


class CardQuerySet(LivingQuerySet):
    def visible_to(self, user, *, at):
        """The cards of the user, and of the children whose guardian the user is at `at`."""
        return self.filter(seen_by(user, at=at, person="holder"))

    def in_hand(self):
        return self.filter(status__in=CARD_IN_HAND)

    def not_retired(self):
        return self.filter(status__in=CARD_NOT_RETIRED)

    def numbers_taken(self, numbers):
        """Those of `numbers` that cards have already."""
        indexes_of = {number: blind_indexes(number) for number in numbers}
        known = self.indexes_taken([one for found in indexes_of.values() for one in found])
        return {number for number, found in indexes_of.items() if not known.isdisjoint(found)}

    def indexes_taken(self, indexes):
        """Those of `indexes` of card numbers under which cards are stored already."""
        known = self.filter(among("card_number_index", indexes))
        return set(known.values_list("card_number_index", flat=True))

    def suspension_over(self, at):
        return self.overdue(CardAction.EXPIRE, at)


class Card(Living):
    """One physical card. A replacement is a new row that points to the old one."""

    lifecycle = CARD

    reference = models.CharField("编号", max_length=16, default=new_reference)
    holder = models.ForeignKey(Holder, models.PROTECT, related_name="cards", verbose_name="持卡人")
    city = models.ForeignKey(
        City, models.PROTECT, related_name="+", verbose_name="发卡地区", db_index=False
    )
    bank = models.ForeignKey(
        Bank, models.PROTECT, related_name="+", verbose_name="发卡银行", db_index=False
    )
    card_number = EncryptedTextField("社保卡号", validators=[NINE_CHARACTERS])
    card_number_index = BlindIndexField("社保卡号索引", source="card_number")
    status = models.CharField("状态", max_length=12, choices=CardStatus)
    suspended_until = models.DateTimeField("临时挂失到期时间", null=True, blank=True)
    replaces = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name="替换的旧卡",
    )

    objects = CardQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "社保卡"
        constraints = [
            # Here and below not by the field: that would add an index for LIKE (decision 0148).
            models.UniqueConstraint(fields=["reference"], name="card_of_a_reference"),
            models.UniqueConstraint(
                fields=["card_number_index"],
                name="card_of_a_number",
                violation_error_message="这个社保卡号已经登记在另一张卡上。",
            ),
            models.UniqueConstraint(
                fields=["holder"],
                condition=Q(status__in=CARD_IN_HAND),
                name="one_card_in_hand_per_holder",
                violation_error_message="同一个人只能有一张未注销、未挂失的社保卡。",
            ),
            models.CheckConstraint(
                condition=Q(status=CardStatus.SUSPENDED, suspended_until__isnull=False)
                | (~Q(status=CardStatus.SUSPENDED) & Q(suspended_until__isnull=True)),
                name="suspended_card_has_its_end",
                violation_error_message="临时挂失的社保卡必须有到期时间，其他状态不能有。",
            ),
            CARD.constraint(),
            models.CheckConstraint(
                condition=Q(card_number_index__isnull=False),
                name="card_has_a_number",
                violation_error_message="社保卡必须有社保卡号。",
            ),
        ]
        indexes = [
            # CardQuerySet.suspension_over: the sweep that writes down ended suspensions.
            models.Index(
                fields=["suspended_until"],
                condition=Q(status=CardStatus.SUSPENDED),
                name="card_suspension_end",
            ),
            # CardAdmin: the cards of a city or bank that has few.
            models.Index(fields=["city"], name="card_of_city"),
            models.Index(fields=["bank"], name="card_of_bank"),
        ]

    def __str__(self):
        return f"社保卡 #{self.pk}"

    def suspension_end(self, at):
        """When the suspension ends that runs at the moment `at`; None while none runs."""
        end = self.suspended_until
        return end if end is not None and end > at else None
