"""Identity checks: bound to a person, a matter and a request, short-lived, used once."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from apps.cards.models import CardRequest
from apps.common.references import new_reference
from apps.events.models import Event
from apps.lifecycle.models import Living, LivingQuerySet
from apps.people.event_kinds import ACCOUNT, AccountAction
from apps.people.models import Holder
from apps.verification.enums import (
    GOOD,
    CheckMethod,
    CheckOutcome,
    CheckStatus,
    Likeness,
    purposes,
)
from apps.verification.lifecycle import CHECK

# What ends every check that the account has passed: a sign-out, for whoever comes next to the
# device, and a new password, because the one before may be known to somebody else.
_ENDS_CHECKS = (
    AccountAction.SIGN_OUT,
    AccountAction.SINGLE_SIGN_OUT,
    AccountAction.END_SESSION,
    AccountAction.END_ALL_SESSIONS,
    AccountAction.SET_PASSWORD,
    AccountAction.CHANGE_PASSWORD,
    AccountAction.RESET_PASSWORD,
)


class CheckQuerySet(LivingQuerySet):
    def visible_to(self, user):
        """The checks that `user` began: nobody can go through another person's."""
        return self.filter(by=user)

    def usable(self, at):
        """Passed, and neither used nor expired at `at`.

        A code proves nothing any more once the phone that it was sent to is not the registered one,
        and nothing does after what is in `_ENDS_CHECKS`.
        """
        sent = OneTimeCode.objects.filter(
            of_check__by=OuterRef("by"),
            of_check__holder=OuterRef("holder"),
            of_check__purpose=OuterRef("purpose"),
            used_at=OuterRef("decided_at"),
        )
        # Written like this because nothing equals the index of an account without a phone.
        sent_here = sent.filter(phone_index=OuterRef("by__holder__phone_index"))
        passed = self.in_status(CheckStatus.PASSED, at=at)
        return passed.filter(~Exists(sent) | Exists(sent_here)).exclude(_ended())


def _ended():
    """Whether the account of a check has signed out or changed what it proves itself by since."""
    since = Event.objects.of_kind(ACCOUNT).filter(
        subject_id=OuterRef("by"), at__gte=OuterRef("decided_at")
    )
    removed = since.filter(action=AccountAction.REMOVE_FACTOR)
    return Exists(since.filter(action__in=_ENDS_CHECKS)) | (
        Q(method=CheckMethod.SECOND_FACTOR) & Exists(removed)
    )


class Check(Living):
    """That the person at the screen is who the account says.

    The person who acts, `by`, is checked: for a child that is the guardian. `score` is the distance
    of the last face comparison: 0 for the same picture, about 1 for strangers.
    """

    lifecycle = CHECK

    reference = models.CharField("编号", max_length=16, unique=True, default=new_reference)
    status = models.CharField("状态", max_length=8, choices=CheckStatus)
    holder = models.ForeignKey(
        Holder, models.PROTECT, related_name="checks", verbose_name="为谁办理"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="checks", verbose_name="核验人"
    )
    purpose = models.CharField("事项", max_length=12, choices=purposes)
    card_request = models.ForeignKey(
        CardRequest,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="checks",
        verbose_name="申请",
    )
    method = models.CharField("方式", max_length=20, blank=True, help_text="见 ways.py")
    outcome = models.CharField(
        "结果", max_length=9, choices=CheckOutcome, default=CheckOutcome.PENDING
    )
    score = models.FloatField("人脸距离", null=True, blank=True)
    created_at = models.DateTimeField("开始时间")
    expires_at = models.DateTimeField("失效时间")
    decided_at = models.DateTimeField("得出结果时间", null=True, blank=True)
    next_url = models.CharField("通过后前往", max_length=200)

    objects = CheckQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "身份核验"
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome=CheckOutcome.PENDING, method="", decided_at__isnull=True)
                | (
                    Q(outcome__in=[*GOOD, CheckOutcome.REFUSED], decided_at__isnull=False)
                    & ~Q(method="")
                ),
                name="decided_check_has_method_and_moment",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[CheckStatus.PASSED, CheckStatus.USED])
                | Q(outcome__in=GOOD),
                name="only_a_good_outcome_passes",
                violation_error_message="没有通过的核验不能使用。",
            ),
            CHECK.constraint(),
        ]

    def __str__(self):
        return f"身份核验 #{self.pk}"

    def is_passed(self, at):
        """Whether it can be used at the moment `at`."""
        return self.status_at(at) == CheckStatus.PASSED

    @property
    def has_passed(self):
        """Whether the person was recognised, used or not."""
        return self.outcome == CheckOutcome.PASSED

    def is_pending(self, at):
        """Whether it can be tried at the moment `at`."""
        return self.status_at(at) == CheckStatus.PENDING

    @property
    def is_used(self):
        return self.status == CheckStatus.USED


class FaceTryQuerySet(models.QuerySet):
    def of(self, user, *, since):
        """The tries of `user` in any check from the moment `since` on."""
        return self.filter(of_check__by=user, at__gt=since)


class FaceTry(models.Model):
    """One comparison of a face: what came of it, never the picture. Empty while it is going on."""

    of_check = models.ForeignKey(
        Check, models.CASCADE, related_name="face_tries", verbose_name="身份核验"
    )
    likeness = models.CharField("比对结果", max_length=12, choices=Likeness, blank=True)
    score = models.FloatField("人脸距离", null=True, blank=True)
    at = models.DateTimeField("时间")

    objects = FaceTryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "人脸比对"

    def __str__(self):
        return f"人脸比对 #{self.pk}"


class OneTimeCodeQuerySet(models.QuerySet):
    def sent_to(self, user, *, since):
        """The codes for any check of `user` from the moment `since` on."""
        return self.filter(of_check__by=user, created_at__gt=since)

    def for_matter_of(self, check):
        """The codes for the person, matter and request of `check`, whichever check sent them."""
        return self.filter(
            of_check__by=check.by_id,
            of_check__holder=check.holder_id,
            of_check__purpose=check.purpose,
            of_check__card_request=check.card_request_id,
        )

    def good(self, *, phone_index, at):
        """Those with which a check can be passed at `at`, by who has the phone `phone_index`."""
        return self.filter(
            phone_index=phone_index,
            used_at=None,
            expires_at__gt=at,
            tries__lt=settings.CODE_TRIES,
        )


class OneTimeCode(models.Model):
    """A code that was sent to a phone, as a keyed hash.

    It is good for one person, matter and request, and for the number that it was sent to.
    """

    of_check = models.ForeignKey(
        Check, models.CASCADE, related_name="codes", verbose_name="身份核验"
    )
    phone_index = models.CharField("手机号索引", max_length=64, help_text="发到哪个号码")
    digest = models.CharField("验证码摘要", max_length=64)
    created_at = models.DateTimeField("发送时间")
    expires_at = models.DateTimeField("失效时间")
    tries = models.PositiveSmallIntegerField("已试次数", default=0)
    used_at = models.DateTimeField("使用时间", null=True, blank=True)

    objects = OneTimeCodeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "短信验证码"

    def __str__(self):
        return f"短信验证码 #{self.pk}"
