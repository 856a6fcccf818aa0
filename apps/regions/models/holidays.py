"""The days off and the weekends worked of a year, as the State Council announced them."""

from django.db import models

from apps.common.prepared import PreparedQuery
from apps.common.working_days import WorkingCalendar
from apps.regions.enums import DayKind


class ArrangedDayQuerySet(models.QuerySet):
    def calendar(self):
        """The `WorkingCalendar` of these days."""
        return _calendar(_columns(self))


class ArrangedDay(models.Model):
    """One day of the arrangement of `year`. It may lie in the last days of the year before.

    The days of a year are uploaded and replaced together. Days that are not among them are working
    days from Monday to Friday.
    """

    year = models.PositiveSmallIntegerField("年度")
    day = models.DateField("日期")
    kind = models.CharField("类型", max_length=4, choices=DayKind)
    name = models.CharField("名称", max_length=20, blank=True)

    objects = ArrangedDayQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "放假安排"
        constraints = [
            models.UniqueConstraint(
                fields=["day"],
                name="one_arrangement_per_day",
                violation_error_message="这一天已经有安排。",
            ),
        ]

    def __str__(self):
        return f"放假安排 {self.day}"


def present_calendar():
    """The `WorkingCalendar` of all days that were uploaded."""
    return _calendar(_ALL.read())


def _columns(days):
    return days.values_list("year", "day", "kind")


def _calendar(rows):
    rows = list(rows)
    return WorkingCalendar(
        arranged={day: kind == DayKind.WORK for _, day, kind in rows},
        years=frozenset(year for year, _, _ in rows),
    )


_ALL = PreparedQuery(lambda: _columns(ArrangedDay.objects))
