"""正式挂失: declared by the holder, confirmed or refused by a reviewer."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.cards.models import Card
from apps.common.references import new_reference
from apps.people.models import Holder
from apps.replacement.enums import LossState

OPEN = Q(refused_at__isnull=True, withdrawn_at__isnull=True)
WAITING = OPEN & Q(confirmed_at__isnull=True)


class FormalLossQuerySet(models.QuerySet):
    def visible_to(self, user, *, at):
        """Those on cards of the user and of the children whose guardian the user is on `on`."""
        return self.filter(card__holder__in=Holder.objects.visible_to(user, at=at))

    def open(self):
        """Neither refused nor withdrawn: waiting for a reviewer, or confirmed."""
        return self.filter(OPEN)

    def waiting(self):
        return self.filter(WAITING)


def _person(label):
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=label,
    )


def _together(moment, person, *texts):
    """Moment, person and reasons: all of them, or none."""
    none = {f"{name}__isnull": True for name in (moment, person)} | dict.fromkeys(texts, "")
    every = Q(**{f"{name}__isnull": False for name in (moment, person)})
    for text in texts:
        every &= ~Q(**{text: ""})
    return Q(**none) | every


class FormalLoss(models.Model):
    """One declaration that a card is lost for good, and what became of it.

    The card is stopped when a reviewer confirms it, not before. A confirmed one can be withdrawn
    as long as no replacement is requested; one that waits can be taken back by whoever declared it.
    """

    reference = models.CharField("编号", max_length=16, unique=True, default=new_reference)
    card = models.ForeignKey(
        Card, models.PROTECT, related_name="formal_losses", verbose_name="社保卡"
    )
    declared_at = models.DateTimeField("登记时间")
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人"
    )
    lost_date = models.DateField("丢失日期")
    place = models.CharField("丢失地点或情况", max_length=100, blank=True)
    receipt_number = models.CharField(
        "挂失回执号", max_length=40, blank=True, help_text="已在网点办过书面挂失的，回执上的编号"
    )
    is_sworn = models.BooleanField("已声明情况属实")
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    confirmed_by = _person("确认人")
    refused_at = models.DateTimeField("不予确认时间", null=True, blank=True)
    refused_by = _person("不予确认人")
    refusal_reason = models.TextField("不予确认的原因", blank=True)
    withdrawn_at = models.DateTimeField("撤销时间", null=True, blank=True)
    withdrawn_by = _person("撤销人")
    withdrawal_reason = models.TextField("撤销的原因", blank=True)

    objects = FormalLossQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "正式挂失"
        constraints = [
            models.UniqueConstraint(
                fields=["card"],
                condition=OPEN,
                name="one_open_formal_loss_per_card",
                violation_error_message="这张社保卡已有登记的正式挂失。",
            ),
            models.CheckConstraint(
                condition=~Q(place="", receipt_number=""),
                name="formal_loss_has_place_or_receipt",
                violation_error_message="丢失地点和挂失回执号至少填写一项。",
            ),
            models.CheckConstraint(
                condition=Q(is_sworn=True),
                name="formal_loss_is_sworn",
                violation_error_message="请声明所填情况属实。",
            ),
            models.CheckConstraint(
                condition=_together("confirmed_at", "confirmed_by"),
                name="formal_loss_confirmed_has_time_and_person",
            ),
            models.CheckConstraint(
                condition=_together("refused_at", "refused_by", "refusal_reason"),
                name="formal_loss_refused_has_time_person_and_reason",
                violation_error_message="不予确认必须写明原因。",
            ),
            models.CheckConstraint(
                condition=_together("withdrawn_at", "withdrawn_by", "withdrawal_reason"),
                name="formal_loss_withdrawn_has_time_person_and_reason",
                violation_error_message="撤销必须写明原因。",
            ),
            models.CheckConstraint(
                condition=Q(refused_at__isnull=True)
                | Q(confirmed_at__isnull=True, withdrawn_at__isnull=True),
                name="refused_formal_loss_is_at_its_end",
            ),
        ]
        indexes = [
            # FormalLossQuerySet.waiting, the oldest first: the reviewers' list.
            models.Index(fields=["declared_at"], condition=WAITING, name="formal_loss_waiting"),
        ]

    def __str__(self):
        return f"正式挂失 #{self.pk}"

    @property
    def state(self):
        if self.withdrawn_at:
            return LossState.WITHDRAWN
        if self.refused_at:
            return LossState.REFUSED
        if self.confirmed_at:
            return LossState.CONFIRMED
        return LossState.WAITING
