"""When a reviewer is away (不在岗), and who stands in."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from apps.common.moments import day_of
from apps.common.references import new_reference

# How many deputies in a row are followed on one day: the deputy, whose deputy, and whose deputy.
DEPUTIES = 3


class AbsenceQuerySet(models.QuerySet):
    def standing(self):
        """Those that were not ended by hand."""
        return self.filter(ended_at=None)

    def on(self, day):
        """Those by which somebody is away on `day`."""
        return self.standing().filter(from_date__lte=day, until_date__gte=day)

    def not_over(self, day):
        """Those of `day` and of later days."""
        return self.standing().filter(until_date__gte=day)

    def between(self, first, last):
        """Those that touch the days from `first` to `last`."""
        return self.standing().filter(from_date__lte=last, until_date__gte=first)

    def of(self, user, *, at):
        """The `Absence` by which `user` is away at the moment `at`, or None."""
        return self.by_user([user], at=at).get(user.pk)

    def by_user(self, users, *, at):
        """{key of a user: the `Absence`} of those of `users` who are away at the moment `at`."""
        found = self.on(day_of(at)).filter(user__in=users).order_by("pk")
        return {each.user_id: each for each in found.select_related("user", "deputy__holder")}

    def principals_of(self, account, *, today):
        """The keys of those for whom `account` stands in on `today`, for a query.

        `account` is a user or a key. A deputy who is away has a deputy, who stands in for both.
        """
        away = self.on(today)
        found, deputised = Q(deputy=account), away.filter(deputy=account)
        for _ in range(DEPUTIES - 1):
            further = Q(deputy__in=deputised.values("user"))
            found, deputised = found | further, away.filter(further)
        return away.filter(found).values("user")


class Absence(models.Model):
    """`user` is away from `from_date` to `until_date`, both whole days; `deputy` may stand in.

    No status and no task: who is away is read from the days (`on`, `is_on`).
    """

    reference = models.CharField("编号", max_length=16, unique=True, default=new_reference)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="absences", verbose_name="谁"
    )
    from_date = models.DateField("从哪一天")
    until_date = models.DateField("到哪一天")
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="代办的同事",
    )
    set_at = models.DateTimeField("登记时间")
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人"
    )
    ended_at = models.DateTimeField("提前结束的时间", null=True, blank=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "不在岗"
        constraints = [
            models.CheckConstraint(
                condition=Q(until_date__gte=F("from_date")),
                name="absence_ends_after_it_begins",
                violation_error_message="最后一天不能早于第一天。",
            ),
            models.CheckConstraint(
                condition=Q(deputy__isnull=True) | ~Q(deputy=F("user")),
                name="nobody_is_their_own_deputy",
                violation_error_message="请选另一位同事代办。",
            ),
        ]
        indexes = [
            # AbsenceQuerySet.on: who is away today.
            models.Index(
                fields=["user", "until_date"],
                condition=Q(ended_at=None),
                name="absence_not_ended",
            ),
        ]

    def __str__(self):
        return f"不在岗 #{self.pk}"

    def is_on(self, day):
        """`AbsenceQuerySet.on` of one row."""
        return self.ended_at is None and self.from_date <= day <= self.until_date
