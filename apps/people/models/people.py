"""The people who hold cards."""

from functools import reduce
from operator import or_

from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.db.models import Q

from apps.common.masks import ID_TAIL_LENGTH
from apps.common.moments import day_of, start_of
from apps.common.references import new_reference
from apps.encryption.fields import (
    BlindIndexField,
    EncryptedDateField,
    EncryptedTextField,
    FollowedQuerySet,
    NameKeyField,
    following,
)
from apps.people.enums import (
    Ethnicity,
    IdType,
    Occupation,
    Sex,
)
from apps.people.models.birthdays import birthday

# What is no longer so of somebody who left and comes back.
BACK = {"left_date": None, "closed_at": None, "forgotten_at": None}
# What is emptied of people who left (apps.my_data.closing), with what stands there then.
NO_CONTACT: dict[str, object] = {
    "ethnicity": "",
    "phone": "",
    "former_phone": "",
    "address": "",
    "occupation": "",
    "department": "",
    "has_card_elsewhere": False,
    "reference_photo": "",
}
HOLDS_NO_CONTACT = Q(
    ethnicity="",
    phone_index__isnull=True,
    address_index__isnull=True,
    occupation="",
    department="",
    reference_photo="",
)


def seen_by(user, *, at, person):
    """`HolderQuerySet.visible_to` as a condition on rows with the key of a person at `person`."""
    if (own := getattr(user, "holder", None)) is None:
        return Q(pk__in=())
    return reduce(or_, ways_of_seeing(own.pk, is_of_age=own.is_of_age(at), at=at, person=person))


def ways_of_seeing(own, *, is_of_age, at, person):
    """The conditions of which `seen_by` asks for any, as a list.

    They are for the account of the person with the key `own`, who may be of age at the moment `at`.
    Where nothing else narrows the rows, each alone finds its own by an index; both together do not.
    """
    # Active ones end with the 16th birthday (`ends_at`): birth dates are encrypted.
    bonds = apps.get_model("people", "Guardianship").objects.active(at=at).filter(guardian=own)
    found = Q(**{f"{person}__in": bonds.values("ward")})
    return [found, Q(**{person: own})] if is_of_age else [found]


class HolderQuerySet(FollowedQuerySet):
    def employed(self):
        """Members of the staff who have not left."""
        return self.filter(user__isnull=False, left_date=None)

    def visible_to(self, user, *, at):
        """Those for whom `user` may act at the moment `at`; nobody else's matters are read either.

        From the 16th birthday on it is the person alone, before it the confirmed guardians alone.
        `cards.permissions.role_of` says the same of one person, `seen_by` of what concerns one.
        """
        return self.filter(seen_by(user, at=at, person="pk"))

    def records_of(self, holder):
        """The keys of the records of one person: `holder`, and what was merged into it.

        What nobody can change (events, consents) still names the record of that time.
        """
        return self.filter(Q(pk=holder.pk) | Q(merged_into=holder.pk)).values("pk")

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
        "社会保障号码末四位索引", source="id_number", last=ID_TAIL_LENGTH
    )
    birth_date = EncryptedDateField("出生日期")
    birth_date_index = BlindIndexField("出生日期索引", source="birth_date")
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
    closed_at = models.DateTimeField(
        "账户注销时间", null=True, blank=True, help_text="离职以后没有未办完的事，账户已注销"
    )
    forgotten_at = models.DateTimeField(
        "清空时间", null=True, blank=True, help_text="离职多时，联系方式等已删除"
    )
    has_card_elsewhere = models.BooleanField(
        "本省已有社保卡", default=False, help_text="省卡管系统中已有有效社保卡"
    )
    reference_photo = models.FileField(
        "人事照片", upload_to="reference/", blank=True, max_length=100
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        verbose_name="已并入",
        help_text="同一个人的另一条记录，办理都转到了那里",
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
            models.CheckConstraint(
                condition=Q(forgotten_at__isnull=True) | HOLDS_NO_CONTACT,
                name="forgotten_holder_cannot_be_reached",
            ),
        ]
        indexes = [
            # case_search: by the last four characters of the ID number.
            models.Index(fields=["id_tail_index"], name="holder_by_id_tail"),
            # case_search: by the beginning of the name, in any spelling and collation.
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

    def is_visible_to(self, user, *, at):
        """`HolderQuerySet.visible_to` of one person. Costs a query for a child only."""
        if self.is_of_age(at):
            return self.user_id == user.pk
        return self.guardians.active(at=at).filter(guardian__user=user).exists()

    def save(self, *args, update_fields=None, **kwargs):
        if update_fields is not None:
            update_fields = {*update_fields, *following(type(self), update_fields)}
        super().save(*args, update_fields=update_fields, **kwargs)
