"""The people who hold cards, who may act for which child, and what proves it."""

from django.conf import settings
from django.db import connection, models
from django.db.models import Q

from apps.common import masks
from apps.common.fields import (
    BlindIndexField,
    EncryptedTextField,
    FollowedQuerySet,
    NameKeyField,
    following,
)
from apps.common.moments import day_of, start_of
from apps.common.references import new_reference
from apps.lifecycle.models import Living, LivingQuerySet
from apps.people.enums import (
    Ethnicity,
    GuardianshipStatus,
    IdType,
    Occupation,
    ProofKind,
    Relation,
    Sex,
)
from apps.people.lifecycle import GUARDIANSHIP
from apps.people.models.birthdays import birthday, years_before

EVER_CONFIRMED = (GuardianshipStatus.CONFIRMED, GuardianshipStatus.ENDED)


class HolderQuerySet(FollowedQuerySet):
    def employed(self):
        """Members of the staff who have not left."""
        return self.filter(user__isnull=False, left_date=None)

    def visible_to(self, user, *, at):
        """Those for whom `user` may act at the moment `at`; nobody else's matters are read either.

        From the 16th birthday on it is the person alone, before it the confirmed guardians alone.
        `cards.permissions.role_of` says the same of one person.
        """
        own_from = years_before(day_of(at), settings.GUARDIAN_UNTIL_AGE)
        wards = Guardianship.objects.active(at=at).filter(guardian__user=user).values("ward")
        of_age = Q(birth_date__lte=own_from)
        return self.filter((of_age & Q(user=user)) | (~of_age & Q(pk__in=wards)))

    def departments(self):
        """Every department once, in order. Costs one index lookup per department, not per row."""
        table = self.model._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(
                f"WITH RECURSIVE known (department) AS ("  # noqa: S608  (a table of ours)
                f"SELECT MIN(department) FROM {table} WHERE department > '' UNION ALL SELECT "
                f"(SELECT MIN(department) FROM {table} WHERE department > known.department) "
                f"FROM known WHERE known.department IS NOT NULL) "
                f"SELECT department FROM known WHERE department IS NOT NULL"
            )
            return [row[0] for row in cursor.fetchall()]


class Holder(models.Model):
    """A person who holds, or may hold, a card: a member of the staff, or a child of one."""

    reference = models.CharField("编号", max_length=16, unique=True, default=new_reference)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="holder",
        verbose_name="账户",
    )
    name = models.CharField("姓名", max_length=50)
    name_key = NameKeyField("姓名检索码", source="name")
    id_type = models.CharField("证件类型", max_length=1, choices=IdType, default=IdType.RESIDENT)
    id_number = EncryptedTextField("社会保障号码")
    id_number_index = BlindIndexField("社会保障号码索引", source="id_number", unique=True)
    id_tail_index = BlindIndexField(
        "社会保障号码末四位索引", source="id_number", last=masks.ID_TAIL_LENGTH
    )
    birth_date = models.DateField("出生日期")
    sex = models.CharField("性别", max_length=1, choices=Sex)
    ethnicity = models.CharField("民族", max_length=2, choices=Ethnicity, blank=True)
    nationality = models.CharField("国籍", max_length=3, default="CHN")
    phone = EncryptedTextField("手机号", blank=True)
    phone_index = BlindIndexField("手机号索引", source="phone")
    former_phone = EncryptedTextField("原手机号", blank=True, help_text="变更手机号时也通知到这里")
    address = EncryptedTextField("常住地址", blank=True)
    address_index = BlindIndexField("常住地址索引", source="address")
    occupation = models.CharField("职业", max_length=7, choices=Occupation, blank=True)
    department = models.CharField("部门", max_length=60, blank=True)
    deceased_date = models.DateField("死亡日期", null=True, blank=True)
    left_date = models.DateField(
        "离职日期", null=True, blank=True, help_text="离职的人不能登录，办理记录保留"
    )
    has_card_elsewhere = models.BooleanField(
        "本省已有社保卡", default=False, help_text="省卡管系统中已有有效社保卡"
    )
    reference_photo = models.FileField(
        "人事照片", upload_to="reference/", blank=True, max_length=100
    )

    objects = HolderQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "持卡人"
        constraints = [
            models.UniqueConstraint(
                fields=["phone_index"],
                condition=Q(user__isnull=False),
                name="one_account_per_phone",
                violation_error_message="这个手机号已属于另一个账户。",
            ),
        ]
        indexes = [
            # review.listing.search: by the last four characters of the ID number.
            models.Index(fields=["id_tail_index"], name="holder_by_id_tail"),
            # review.listing.search: by the beginning of the name, in any spelling and collation.
            models.Index(
                fields=["name_key"], name="holder_by_name", opclasses=["varchar_pattern_ops"]
            ),
            # HolderQuerySet.departments, and the filter of the desk.
            models.Index(fields=["department"], name="holder_by_department"),
        ]

    def __str__(self):
        return f"持卡人 #{self.pk}"

    @property
    def own_from_date(self):
        """The 16th birthday: from this day on no guardian acts for the person."""
        return birthday(self.birth_date, years=settings.GUARDIAN_UNTIL_AGE)

    @property
    def own_from_at(self):
        """The moment at which the 16th birthday begins."""
        return start_of(self.own_from_date)

    def is_of_age(self, at):
        """Whether the person acts alone at the moment `at`."""
        return self.own_from_date <= day_of(at)

    def save(self, *args, update_fields=None, **kwargs):
        if update_fields is not None:
            update_fields = {*update_fields, *following(type(self), update_fields)}
        super().save(*args, update_fields=update_fields, **kwargs)


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
    refusal_reason = models.TextField("不予确认的原因", blank=True)

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
                violation_error_message="不予确认必须写明原因。",
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
