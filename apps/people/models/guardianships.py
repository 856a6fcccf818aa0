"""Who may act for which child, and what proves it."""

from django.db import models
from django.db.models import Q

from apps.common.references import new_reference
from apps.lifecycle.models import Living, LivingQuerySet
from apps.people.enums import GuardianshipStatus, ProofKind, Relation
from apps.people.lifecycle import GUARDIANSHIP
from apps.people.models.people import Holder

EVER_CONFIRMED = (GuardianshipStatus.CONFIRMED, GuardianshipStatus.ENDED)


class GuardianshipQuerySet(LivingQuerySet):
    def visible_to(self, user):
        """What the user registered, whatever became of it."""
        return self.filter(guardian__user=user)

    def waiting(self):
        return self.filter(status=GuardianshipStatus.WAITING)

    def confirmed(self):
        """Those that HR confirmed, whether or not they have ended since."""
        return self.filter(status__in=EVER_CONFIRMED)

    def refused(self):
        return self.filter(status=GuardianshipStatus.REFUSED)

    def not_refused(self):
        return self.exclude(status=GuardianshipStatus.REFUSED)

    def active(self, *, at):
        """Those by which a guardian may act for the child at the moment `at`."""
        return self.in_status(GuardianshipStatus.CONFIRMED, at=at)

    def handed_over(self, *, at):
        """Those that ended because the child acts alone since, by the moment `at`."""
        return self.in_status(GuardianshipStatus.ENDED, at=at)


class Guardianship(Living):
    """That a member of the staff is the guardian of a child, registered and then confirmed by HR.

    It ends when the child turns 16 (`ends_at`), whether or not a worker has written that down. A
    refused registration stays, and the same child may be registered again. The events tell who
    decided and when.
    """

    lifecycle = GUARDIANSHIP

    reference = models.CharField("编号", max_length=16, unique=True, default=new_reference)
    guardian = models.ForeignKey(
        Holder, models.PROTECT, related_name="guardianships", verbose_name="监护人"
    )
    ward = models.ForeignKey(
        Holder, models.PROTECT, related_name="guardians", verbose_name="被监护人"
    )
    ward_name = models.CharField(
        "登记的姓名", max_length=50, help_text="登记人填写的孩子姓名；第一次确认后成为孩子的姓名"
    )
    relation = models.CharField("监护关系", max_length=1, choices=Relation)
    proof_kind = models.CharField("证明材料", max_length=1, choices=ProofKind)
    created_at = models.DateTimeField("登记时间")
    ends_at = models.DateTimeField("代办结束时间", help_text="孩子由本人办理的第一天的 0:00")
    status = models.CharField("状态", max_length=9, choices=GuardianshipStatus)
    refusal_reason = models.TextField("不确认的原因", blank=True)

    objects = GuardianshipQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "监护关系"
        constraints = [
            GUARDIANSHIP.constraint(),
            models.UniqueConstraint(
                fields=["guardian", "ward"],
                condition=~Q(status=GuardianshipStatus.REFUSED),
                name="one_guardianship_per_guardian_and_ward",
                violation_error_message="这个孩子已经登记过。",
            ),
            models.CheckConstraint(
                condition=(Q(status=GuardianshipStatus.REFUSED) & ~Q(refusal_reason=""))
                | (~Q(status=GuardianshipStatus.REFUSED) & Q(refusal_reason="")),
                name="guardianship_has_a_reason_exactly_when_refused",
                violation_error_message="不确认必须写明原因。",
            ),
            models.CheckConstraint(
                condition=~Q(guardian=models.F("ward")),
                name="nobody_is_their_own_guardian",
                violation_error_message="不能登记为自己的监护人。",
            ),
        ]
        indexes = [
            # LivingQuerySet.overdue: the guardianships that a worker still has to end.
            models.Index(
                fields=["ends_at"],
                condition=Q(status=GuardianshipStatus.CONFIRMED),
                name="guardianship_to_end",
            ),
            # GuardianshipQuerySet.waiting, the oldest first: the reviewers' list.
            models.Index(
                fields=["created_at"],
                condition=Q(status=GuardianshipStatus.WAITING),
                name="guardianship_waiting",
            ),
        ]

    def __str__(self):
        return f"监护关系 #{self.pk}"

    @property
    def is_waiting(self):
        return self.status == GuardianshipStatus.WAITING

    @property
    def is_refused(self):
        return self.status == GuardianshipStatus.REFUSED

    def is_handed_over_at(self, at):
        """Whether it ended because the child acts alone since, by the moment `at`."""
        return self.status_at(at) == GuardianshipStatus.ENDED

    def is_confirmed_at(self, at):
        """Whether the guardian may act for the child at the moment `at`."""
        return self.status_at(at) == GuardianshipStatus.CONFIRMED


def proof_path(proof, filename):
    """The name under which a picture is stored. The name of the uploaded file is not kept."""
    return f"proofs/{new_reference()}.jpg"


class GuardianshipProof(models.Model):
    """One picture that proves a registration. Deleted some time after the decision."""

    guardianship = models.ForeignKey(
        Guardianship, models.CASCADE, related_name="proofs", verbose_name="监护关系"
    )
    number = models.PositiveSmallIntegerField("第几张")
    picture = models.FileField("影像", upload_to=proof_path, max_length=100)

    class Meta:
        verbose_name = verbose_name_plural = "监护证明影像"
        constraints = [
            models.UniqueConstraint(
                fields=["guardianship", "number"], name="proof_numbers_are_unique_in_a_registration"
            ),
        ]

    def __str__(self):
        return f"监护证明影像 #{self.pk}"
