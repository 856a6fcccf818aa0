"""Lists of requests that reviewers keep under a name: a filter and an order, and no rows."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from apps.common.references import new_reference

NAME_LENGTH = 20


class SavedListQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of `user` and those of the team, each with `is_first`; the own ones come first."""
        first = FirstList.objects.filter(by=user, saved_list=OuterRef("pk"))
        mine = self.filter(Q(by=user) | Q(is_shared=True)).annotate(is_first=Exists(first))
        return mine.order_by("is_shared", "name", "pk")

    def shared(self):
        return self.filter(is_shared=True)


class SavedList(models.Model):
    """A query string of `RequestFilter` under a name. What is searched for is never in it.

    It is for the one who saved it, or shared with the team.
    """

    reference = models.CharField("编号", max_length=16, unique=True, default=new_reference)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="保存人"
    )
    at = models.DateTimeField("保存时间")
    name = models.CharField("名称", max_length=NAME_LENGTH)
    query = models.CharField("筛选和次序", max_length=3000, help_text="RequestFilter 的查询串")
    is_shared = models.BooleanField("给全组用", default=False, db_default=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="最后修改人",
    )
    changed_at = models.DateTimeField("最后修改时间", null=True, blank=True)

    objects = SavedListQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "保存的列表"
        constraints = [
            models.UniqueConstraint(
                fields=["by", "name"],
                name="one_saved_list_of_a_name",
                violation_error_message="您已有同名的列表，请换一个名称。",
            ),
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(is_shared=True),
                name="one_shared_list_of_a_name",
                violation_error_message="全组已有同名的列表，请换一个名称。",
            ),
            models.CheckConstraint(
                condition=Q(changed_by=None, changed_at=None)
                | Q(changed_by__isnull=False, changed_at__isnull=False),
                name="saved_list_changed_by_and_at",
            ),
        ]

    def __str__(self):
        return f"保存的列表 #{self.pk}"


class FirstList(models.Model):
    """The list on which the queue of `by` opens, once in each session."""

    by = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="审核人"
    )
    saved_list = models.ForeignKey(
        SavedList, models.CASCADE, related_name="+", verbose_name="先看的列表"
    )

    class Meta:
        verbose_name = verbose_name_plural = "先看的列表"

    def __str__(self):
        return f"先看的列表 #{self.pk}"
