"""人员更正: what two members of the desk change of who somebody is."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from apps.common.references import new_reference
from apps.encryption.fields import EncryptedTextField
from apps.lifecycle.models import Living, LivingQuerySet
from apps.people.models import Holder
from apps.person_changes.enums import EvidenceKind, PersonChangeKind, PersonChangeStatus
from apps.person_changes.lifecycle import PERSON_CHANGE

_PROPOSED = Q(status=PersonChangeStatus.PROPOSED)
_DECIDED = Q(status__in=[PersonChangeStatus.DONE, PersonChangeStatus.DECLINED])
_MERGE = Q(kind=PersonChangeKind.MERGE)


class PersonChangeQuerySet(LivingQuerySet):
    def waiting(self, *, at):
        """Those that wait for a second person at the moment `at`."""
        return self.in_status(PersonChangeStatus.PROPOSED, at=at)

    def naming(self, *holders):
        """Those about one of `holders`, as the person or as the record that is merged."""
        return self.filter(Q(holder__in=holders) | Q(other__in=holders))


class PersonChange(Living):
    """A number of a person that changes, or a second record of the same person.

    `holder` is the person; of a merge, the record that stays, and `other` the one that ends in it.
    `new_number` is emptied with the decision. `before` and `after` are masked.
    """

    lifecycle = PERSON_CHANGE

    reference = models.CharField("编号", max_length=16, unique=True, default=new_reference)
    kind = models.CharField("更正什么", max_length=10, choices=PersonChangeKind)
    holder = models.ForeignKey(Holder, models.PROTECT, related_name="+", verbose_name="谁")
    other = models.ForeignKey(
        Holder,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="并入的记录",
    )
    new_number = EncryptedTextField("新的号码", null=True, blank=True, help_text="办结后清空")
    before = models.CharField("更正前（遮盖）", max_length=30)
    after = models.CharField("更正后（遮盖）", max_length=30)
    evidence_kind = models.CharField("核对的原件", max_length=12, choices=EvidenceKind)
    evidence = models.CharField("原件的说明", max_length=200)
    reason = models.CharField("为什么更正", max_length=200)
    status = models.CharField("状态", max_length=9, choices=PersonChangeStatus)
    proposed_at = models.DateTimeField("提出时间")
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提出人"
    )
    ends_at = models.DateTimeField("最迟确认时间")
    decided_at = models.DateTimeField("决定时间", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="决定人",
    )

    objects = PersonChangeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "人员更正"
        constraints = [
            PERSON_CHANGE.constraint(),
            models.UniqueConstraint(
                fields=["holder"],
                condition=_PROPOSED,
                name="one_proposed_change_per_person",
                violation_error_message="这个人已有一条等待确认的更正。",
            ),
            models.UniqueConstraint(
                fields=["other"],
                condition=_PROPOSED,
                name="one_proposed_merge_per_record",
                violation_error_message="这条记录已有一条等待确认的合并。",
            ),
            models.CheckConstraint(
                condition=(_MERGE & Q(other__isnull=False)) | (~_MERGE & Q(other__isnull=True)),
                name="merge_names_the_other_record",
            ),
            models.CheckConstraint(
                condition=Q(other__isnull=True) | ~Q(other=F("holder")),
                name="nobody_is_merged_into_themselves",
            ),
            models.CheckConstraint(
                condition=(_DECIDED & Q(decided_at__isnull=False, decided_by__isnull=False))
                | (~_DECIDED & Q(decided_at__isnull=True, decided_by__isnull=True)),
                name="decided_change_has_time_and_person",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="change_is_decided_by_a_second_person",
                violation_error_message="提出的人不能自己确认。",
            ),
            models.CheckConstraint(
                condition=_PROPOSED | Q(new_number__isnull=True),
                name="decided_change_holds_no_number",
            ),
        ]
        indexes = [
            # PersonChangeQuerySet.waiting and the sweep of those that lapse.
            models.Index(fields=["ends_at"], condition=_PROPOSED, name="person_change_waiting"),
        ]

    def __str__(self):
        return f"人员更正 #{self.pk}"

    @property
    def persons(self):
        """The records that it is about. Select `holder` and `other` along."""
        return [self.holder, *([self.other] if self.other else [])]
