"""The days off and the weekends worked of a year, as the State Council announced them."""

from datetime import date
from functools import lru_cache

from django.db import models

from apps.common import working_days
from apps.common.working_days import WorkingCalendar
from apps.queries.json_rows import JsonRows, rows_in
from apps.queries.prepared import PreparedQuery
from apps.regions.enums import DayKind


class ArrangedDayQuerySet(models.QuerySet):
    def calendar(self):
        """The `WorkingCalendar` of these days."""
        return _calendar(_columns(self))

    def carried(self):
        """These days as an expression, which any query can carry along for `know_days`."""
        return models.Subquery(self.values(rows=JsonRows("year", "day", "kind")))


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


def asks_calendar():
    """What `present_calendar` asks for, to be read together with others."""
    return _ALL.asks()


def present_calendar():
    """The `WorkingCalendar` of all days that were uploaded."""
    return _kept(tuple(sorted(_ALL.read())))


def know_days(text):
    """Count by the days that a query has carried along (`carried`), in this request."""
    working_days.know(_of_text(text))


def _columns(days):
    return days.values_list("year", "day", "kind")


@lru_cache(maxsize=8)
def _of_text(text):
    rows = rows_in(text)
    return _kept(tuple(sorted((year, date.fromisoformat(day), kind) for year, day, kind in rows)))


# By all that was uploaded, so a calendar that says something else is another one. What a calendar
# has counted once, the next pages need not count again.
@lru_cache(maxsize=8)
def _kept(rows):
    return _calendar(rows)


def _calendar(rows):
    rows = list(rows)
    return WorkingCalendar(
        arranged={day: kind == DayKind.WORK for _, day, kind in rows},
        years=frozenset(year for year, _, _ in rows),
    )


_ALL = PreparedQuery(lambda: _columns(ArrangedDay.objects))
