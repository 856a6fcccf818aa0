"""Boxes of cards that the unit collects, the days on which it hands them out, and departments."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.cards.models import Card, CardRequest
from apps.common.references import new_reference
from apps.encryption.fields import EncryptedTextField
from apps.handout.enums import (
    AT_THE_UNIT,
    LIVE,
    BoxCardAction,
    BoxCardStatus,
    BoxStatus,
    DayStatus,
    HandedWay,
)
from apps.handout.lifecycle import BOX, BOX_CARD, DAY
from apps.lifecycle.models import Living, LivingQuerySet
from apps.people.models import Holder, seen_by

# A contact person who left, or went to another department, helps nobody here any more.
SERVES = {"contact__holder__left_date": None, "contact__holder__department": models.F("name")}


class DepartmentQuerySet(models.QuerySet):
    def helped_by(self, user):
        """Those whose contact person `user` is, while employed there."""
        return self.filter(contact=user, **SERVES)


class Department(models.Model):
    """A department of the roster, and who helps its people (联系人).

    The rows follow the names in the roster (`departments.follow_roster`).
    """

    reference = models.CharField("编号", max_length=16, unique=True, default=new_reference)
    name = models.CharField("部门", max_length=60, unique=True)
    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="departments_helped",
        verbose_name="联系人",
    )

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "部门"

    def __str__(self):
        return f"部门 #{self.pk}"

    @property
    def is_without_contact(self):
        """Whether who was named as contact person does not serve (`SERVES`) any more."""
        person = self.contact.holder if self.contact else None
        return person is not None and (
            person.left_date is not None or person.department != self.name
        )


class Box(Living):
    """The cards that one bureau sent to the unit together."""

    lifecycle = BOX

    reference = models.CharField("编号", max_length=16, unique=True, default=new_reference)
    number = models.CharField("箱号", max_length=40, help_text="运单号，没有的是发出的日期")
    bureau = models.CharField("制卡中心", max_length=20)
    carrier = models.CharField("承运方", max_length=20, blank=True)
    sent_date = models.DateField("发出日期")
    status = models.CharField("状态", max_length=10, choices=BoxStatus)

    objects = LivingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "卡箱"
        constraints = [
            BOX.constraint(),
            models.UniqueConstraint(
                fields=["bureau", "number"],
                name="one_box_per_number_and_bureau",
                violation_error_message="这个制卡中心已有这个箱号。",
            ),
        ]

    def __str__(self):
        return f"卡箱 {self.number}"

    @property
    def is_on_the_way(self):
        return self.status == BoxStatus.ON_THE_WAY

    @property
    def is_open(self):
        """Whether its cards are being counted."""
        return self.status == BoxStatus.OPEN


class HandOutDay(Living):
    """Where and when a department, or everybody, gets the cards that wait."""

    lifecycle = DAY

    reference = models.CharField("编号", max_length=16, unique=True, default=new_reference)
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="days",
        verbose_name="部门",
        help_text="空的是全校",
    )
    place = models.CharField("地点", max_length=60)
    starts_at = models.DateTimeField("开始时间")
    ends_at = models.DateTimeField("结束时间")
    changed_at = models.DateTimeField("最近安排时间", help_text="之后还没有通知的人要再通知")
    status = models.CharField("状态", max_length=10, choices=DayStatus)

    objects = LivingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "领卡时间"
        constraints = [
            DAY.constraint(),
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")),
                name="hand_out_day_ends_after_it_starts",
                violation_error_message="结束时间要晚于开始时间。",
            ),
        ]

    def __str__(self):
        return f"领卡时间 #{self.pk}"

    @property
    def whose(self):
        """化学学院, or 全校."""
        return self.department.name if self.department else "全校"


class BoxCardQuerySet(LivingQuerySet):
    def visible_to(self, user, *, at):
        """The cards of the user and the children, and those the user may fetch for others."""
        own = seen_by(user, at=at, person="holder")
        named = Q(proxy=user) & (Q(proxy_until=None) | Q(proxy_until__gt=at))
        return self.filter(own | named & Q(status__in=AT_THE_UNIT))

    def at_the_unit(self):
        """Those that lie there and can be handed out."""
        return self.filter(status__in=AT_THE_UNIT)

    def waiting(self, at):
        """Those that wait for their holder, whose time is not over."""
        return self.in_status(BoxCardStatus.IN_BOX, at=at)

    def kept_too_long(self, at):
        return self.overdue(BoxCardAction.END_KEEPING, at)


class BoxCard(Living):
    """One card on its way through the unit: expected, counted, handed out.

    A surplus one is not on the bureau's list; if nobody knows its number, it has no `card`.
    """

    lifecycle = BOX_CARD

    reference = models.CharField("编号", max_length=16, unique=True, default=new_reference)
    box = models.ForeignKey(Box, models.PROTECT, related_name="cards", verbose_name="卡箱")
    card = models.ForeignKey(
        Card, models.PROTECT, null=True, blank=True, related_name="in_boxes", verbose_name="社保卡"
    )
    card_request = models.ForeignKey(
        CardRequest,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="in_boxes",
        verbose_name="申请",
    )
    holder = models.ForeignKey(
        Holder, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="持卡人"
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cards",
        verbose_name="部门",
        help_text="领走以前随名册；儿童是经办人的",
    )
    unknown_number = EncryptedTextField("不认识的卡号", blank=True)
    status = models.CharField("状态", max_length=10, choices=BoxCardStatus)
    kept_until = models.DateTimeField("保管到", null=True, blank=True)
    day = models.ForeignKey(
        HandOutDay,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cards",
        verbose_name="通知的领卡时间",
    )
    invited_at = models.DateTimeField("通知时间", null=True, blank=True)
    reminded_at = models.DateTimeField("上次提醒时间", null=True, blank=True)
    next_reminder_at = models.DateTimeField("下次提醒时间", null=True, blank=True)
    proxy = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="委托的代领人",
    )
    proxy_until = models.DateTimeField(
        "委托到何时",
        null=True,
        blank=True,
        help_text="监护人委托的，到孩子由本人办理的那天；本人委托的为空",
    )
    handed_way = models.CharField("怎样交的", max_length=12, choices=HandedWay, blank=True)
    proxy_name = EncryptedTextField(
        "代领人", blank=True, help_text="凭委托书代领的，或在签收表上代签的人"
    )

    objects = BoxCardQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "箱里的卡"
        constraints = [
            BOX_CARD.constraint(),
            models.UniqueConstraint(
                fields=["card"],
                condition=Q(status__in=LIVE),
                name="a_card_is_in_one_box",
                violation_error_message="这张卡已在另一个箱子里。",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=LIVE) | Q(card__isnull=False, card_request__isnull=False),
                name="a_listed_card_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=AT_THE_UNIT) | Q(kept_until__isnull=False),
                name="a_kept_card_has_its_term",
            ),
            models.CheckConstraint(
                condition=~Q(status=BoxCardStatus.HANDED_OUT) | ~Q(handed_way=""),
                name="a_handed_out_card_says_how",
            ),
        ]
        indexes = [
            # The table, the departments' remainder, and the sweeps over what waits.
            models.Index(fields=["status", "department", "id"], name="box_card_waiting"),
        ]

    def __str__(self):
        return f"箱里的卡 #{self.pk}"

    def proxy_at(self, at):
        """The account that may fetch the card for its holder at the moment `at`, or None.

        Whom a guardian named may not any more once the holder acts alone.
        """
        is_over = self.proxy_until is not None and self.proxy_until <= at
        return None if is_over else self.proxy

    @property
    def can_be_had(self):
        """Whether it lies at the unit, so that its holder can have it."""
        return self.status in AT_THE_UNIT

    @property
    def is_by_proxy(self):
        """Whether somebody else got it for the holder."""
        return bool(self.handed_way) and HandedWay(self.handed_way).is_by_proxy

    @property
    def is_there(self):
        """Whether it was in the box, also where it has been handed out since."""
        return self.can_be_had or self.is_handed_out

    @property
    def is_listed(self):
        """Whether it is on the bureau's list."""
        return self.card_request_id is not None

    @property
    def is_handed_out(self):
        return self.status == BoxCardStatus.HANDED_OUT

    @property
    def can_be_uncounted(self):
        return self.status in (BoxCardStatus.IN_BOX, BoxCardStatus.SURPLUS)
