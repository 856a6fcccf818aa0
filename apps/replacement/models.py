"""正式挂失: declared by the holder, confirmed or refused by a reviewer."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.cards.enums import Handling, ReplacementReason
from apps.cards.models import Card
from apps.common.references import new_reference
from apps.lifecycle.models import Living, LivingQuerySet
from apps.people.models import seen_by
from apps.replacement.enums import FORMAL_LOSS_OPEN, FormalLossStatus
from apps.replacement.lifecycle import FORMAL_LOSS

# The statuses that tell a reason to the holder.
WITH_REASON = (FormalLossStatus.REFUSED, FormalLossStatus.WITHDRAWN)


# What is emptied after a time, with what stands there then.
NO_TEXTS: dict[str, object] = {
    "lost_date": None,
    "place": "",
    "receipt_number": "",
    "decision_reason": "",
}


class FormalLossQuerySet(LivingQuerySet):
    def visible_to(self, user, *, at):
        """Those on cards of the user and of the children whose guardian the user is at `at`."""
        return self.filter(seen_by(user, at=at, person="card__holder"))

    def open(self):
        """Neither refused nor withdrawn: waiting for a reviewer, or confirmed."""
        return self.filter(status__in=FORMAL_LOSS_OPEN)

    def open_of(self, card):
        """The open one of `card`, or None."""
        return self.open().filter(card=card).first()

    def waiting(self):
        return self.filter(status=FormalLossStatus.WAITING)

    def to_forget(self, before):
        """Those that were decided, or taken back, before the moment `before`, with their texts."""
        decided = self.exclude(status=FormalLossStatus.WAITING)
        return decided.filter(status_since__lt=before, forgotten_at=None)


class FormalLoss(Living):
    """One declaration that a card is lost for good, and the decision on it.

    The card is stopped when a reviewer confirms the loss, not before. A confirmed loss can be
    withdrawn while no replacement is requested. The person who declared it can take it back while
    it waits.
    """

    lifecycle = FORMAL_LOSS

    reference = models.CharField("编号", max_length=16, unique=True, default=new_reference)
    card = models.ForeignKey(
        Card, models.PROTECT, related_name="formal_losses", verbose_name="社保卡"
    )
    declared_at = models.DateTimeField("登记时间")
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人"
    )
    reason = models.CharField("原因", max_length=20, choices=ReplacementReason)
    lost_date = models.DateField(
        "丢失日期", null=True, help_text="卡没有丢的，是登记的那一天；清空之前一定有"
    )
    place = models.CharField("丢失地点或情况", max_length=100, blank=True)
    receipt_number = models.CharField(
        "挂失回执号", max_length=40, blank=True, help_text="已在网点办过书面挂失的，回执上的编号"
    )
    is_sworn = models.BooleanField("已声明情况属实")
    status = models.CharField("状态", max_length=9, choices=FormalLossStatus)
    decision_reason = models.TextField("不确认或撤销的原因", blank=True)
    forgotten_at = models.DateTimeField(
        "清空时间", null=True, blank=True, help_text="办结多时，丢失的经过和原因已删除"
    )

    objects = FormalLossQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "正式挂失"
        constraints = [
            FORMAL_LOSS.constraint(),
            models.UniqueConstraint(
                fields=["card"],
                condition=Q(status__in=FORMAL_LOSS_OPEN),
                name="one_open_formal_loss_per_card",
                violation_error_message="这张社保卡已有登记的正式挂失。",
            ),
            models.CheckConstraint(
                condition=Q(forgotten_at__isnull=False)
                | ~Q(reason=ReplacementReason.LOST)
                | ~Q(place="", receipt_number=""),
                name="formal_loss_has_place_or_receipt",
                violation_error_message="卡丢了的，丢失地点和挂失回执号至少填写一项。",
            ),
            models.CheckConstraint(
                condition=Q(forgotten_at__isnull=True, lost_date__isnull=False)
                | Q(forgotten_at__isnull=False, **NO_TEXTS),
                name="forgotten_formal_loss_holds_nothing",
            ),
            models.CheckConstraint(
                condition=Q(is_sworn=True),
                name="formal_loss_is_sworn",
                violation_error_message="请声明所填情况属实。",
            ),
            models.CheckConstraint(
                condition=Q(forgotten_at__isnull=False)
                | (Q(status__in=WITH_REASON) & ~Q(decision_reason=""))
                | (~Q(status__in=WITH_REASON) & Q(decision_reason="")),
                name="formal_loss_that_ended_has_its_reason",
                violation_error_message="不确认或撤销必须写明原因，其他状态不能有。",
            ),
        ]
        indexes = [
            # FormalLossQuerySet.to_forget: the texts whose time is over.
            models.Index(
                fields=["status_since"],
                condition=Q(forgotten_at__isnull=True),
                name="formal_loss_to_forget",
            ),
            # FormalLossQuerySet.waiting, the oldest first: the reviewers' list.
            models.Index(
                fields=["declared_at"],
                condition=Q(status=FormalLossStatus.WAITING),
                name="formal_loss_waiting",
            ),
        ]

    def __str__(self):
        return f"正式挂失 #{self.pk}"

    def handling_at(self, at):
        """Who declared it, and who goes on with it. Select `card__holder` along."""
        holder = self.card.holder
        if self.declared_by_id == holder.user_id:
            return Handling.OWN
        has_ended_before = not self.is_waiting and self.status_since < holder.own_from_at
        is_over = holder.is_of_age(at) and not has_ended_before
        return Handling.HANDED_OVER if is_over else Handling.GUARDIAN

    @property
    def is_waiting(self):
        return self.status == FormalLossStatus.WAITING

    @property
    def is_confirmed(self):
        return self.status == FormalLossStatus.CONFIRMED

    @property
    def is_refused(self):
        return self.status == FormalLossStatus.REFUSED

    @property
    def is_withdrawn(self):
        return self.status == FormalLossStatus.WITHDRAWN

    @property
    def is_lost(self):
        """Whether the card is gone; otherwise it is in the holder's hands and not usable."""
        return self.reason == ReplacementReason.LOST

    @property
    def tone(self):
        return FormalLossStatus(self.status).tone
