"""What a reviewer has put away until a day (稍后办)."""

from django.conf import settings
from django.db import models

from apps.desk.models.case_row import CASES, CaseRow, CaseRowQuerySet


class PostponementQuerySet(CaseRowQuerySet):
    def live(self, day):
        """Those whose case has not come back by `day`."""
        return self.filter(until_date__gt=day)


class Postponement(CaseRow):
    """`by` has put a case away until `until_date`. For everybody else it waits as before.

    From that day on the row means nothing, and neither once the case has moved since `at`. It is
    deleted when `by` claims the case, or when anybody decides on it.
    """

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="审核人"
    )
    at = models.DateTimeField("放下的时间")
    until_date = models.DateField("放到哪一天")
    reason = models.CharField("原因", max_length=200, blank=True)

    objects = PostponementQuerySet.as_manager()

    class Meta(CaseRow.Meta):
        verbose_name = verbose_name_plural = "稍后办"
        constraints = [
            *CaseRow.Meta.constraints,
            *(
                models.UniqueConstraint(
                    fields=["by", case],
                    name=f"one_postponement_per_{case}",
                    violation_error_message="您已把这件放到以后办。",
                )
                for case in CASES
            ),
        ]

    def __str__(self):
        return f"稍后办 #{self.pk}"
