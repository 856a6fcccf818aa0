"""Counts that the figures are read from, and what each request was counted for.

`counting` adds the events to them as they come. No personal data is in the counts.
"""

from collections import Counter
from typing import ClassVar

from django.db import models

from apps.cards.enums import Stage
from apps.cards.models import CardRequest
from apps.common.working_days import count_working_days
from apps.regions.models import Bank, City, CityRule
from apps.reporting.enums import Milestone


class Tally(models.Model):
    """How many there are of a kind: a row for each key, with its number.

    `KEY` are the columns of the key, `DAY` the one of them that a window of time is about, or "".
    No index names the number: then it is changed in its place.
    """

    KEY: ClassVar[tuple[str, ...]]
    DAY: ClassVar[str] = ""

    number = models.IntegerField("件数")

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self._meta.verbose_name} #{self.pk}"

    @classmethod
    def values_of(cls, key):
        """{column: value} of the row with `key`, without its number."""
        return dict(zip(cls.KEY, key, strict=True))


def _place(model, title):
    return models.ForeignKey(
        model, models.PROTECT, related_name="+", verbose_name=title, db_index=False
    )


class StepCount(Tally):
    """How many requests reached a milestone for good, in the week that begins on `week_date`."""

    KEY = ("week_date", "milestone", "city_id", "bank_id")
    DAY = "week_date"

    week_date = models.DateField("周一")
    milestone = models.CharField("环节", max_length=10, choices=Milestone)
    city = _place(City, "申领地区")
    bank = _place(Bank, "发卡银行")

    class Meta:
        verbose_name = verbose_name_plural = "每周各环节件数"
        constraints = [
            models.UniqueConstraint(
                fields=["week_date", "milestone", "city", "bank"], name="one_step_count_per_key"
            )
        ]


class StandingCount(Tally):
    """Of the requests submitted in a week: how many stand where now.

    `standing` is the status of the request, or `Milestone.ACTIVATED` once its card was activated.
    """

    KEY = ("week_date", "standing")
    DAY = "week_date"

    week_date = models.DateField("提交的那一周的周一")
    standing = models.CharField("现在到了哪一步", max_length=16)

    class Meta:
        verbose_name = verbose_name_plural = "每周提交的申请现在的件数"
        constraints = [
            models.UniqueConstraint(
                fields=["week_date", "standing"], name="one_standing_count_per_key"
            )
        ]


class StageCount(Tally):
    """How many stages of a place began and ended on which days.

    `days` are the working days between them by the calendar that `CountingProgress` names.
    """

    KEY = ("ended_date", "began_date", "stage", "city_id", "bank_id")
    DAY = "ended_date"

    ended_date = models.DateField("结束的日期")
    began_date = models.DateField("开始的日期")
    stage = models.CharField("环节", max_length=8, choices=Stage)
    city = _place(City, "申领地区")
    bank = _place(Bank, "发卡银行")
    days = models.PositiveIntegerField("工作日")

    class Meta:
        verbose_name = verbose_name_plural = "各环节用时的件数"
        constraints = [
            models.UniqueConstraint(
                fields=["ended_date", "began_date", "stage", "city", "bank"],
                name="one_stage_count_per_key",
            )
        ]

    @classmethod
    def values_of(cls, key):
        values = super().values_of(key)
        return {**values, "days": count_working_days(values["began_date"], values["ended_date"])}


class InHandCount(Tally):
    """How many requests of a place are in a status since a day.

    By the rule that promises it, and by how they came back to the review, "" if they did not.
    """

    KEY = ("status", "came_back_by", "since_date", "city_id", "bank_id", "rule_id")
    DAY = "since_date"

    status = models.CharField("状态", max_length=16)
    came_back_by = models.CharField("怎样回到审核", max_length=24, blank=True)
    since_date = models.DateField("承诺时限从这天算起")
    city = _place(City, "申领地区")
    bank = _place(Bank, "发卡银行")
    rule = _place(CityRule, "适用的资费与时限")

    class Meta:
        verbose_name = verbose_name_plural = "在办件数"
        constraints = [
            models.UniqueConstraint(
                fields=["status", "came_back_by", "since_date", "city", "bank", "rule"],
                name="one_in_hand_count_per_key",
            )
        ]


class StatusCount(Tally):
    """How many requests of all places are in a status since a day: the sums of `InHandCount`.

    For pages that are read much oftener than requests move. No request has shares in them.
    """

    KEY = InHandCount.KEY[:3]
    DAY = InHandCount.DAY

    status = models.CharField("状态", max_length=16)
    came_back_by = models.CharField("怎样回到审核", max_length=24, blank=True)
    since_date = models.DateField("承诺时限从这天算起")

    class Meta:
        verbose_name = verbose_name_plural = "各状态件数"
        constraints = [
            models.UniqueConstraint(
                fields=["status", "came_back_by", "since_date"], name="one_status_count_per_key"
            )
        ]

    @classmethod
    def sums_of(cls, in_hand):
        """The Counter of its keys for `in_hand`, that of `InHandCount`."""
        found: Counter[tuple] = Counter()
        for key, number in in_hand.items():
            found[key[: len(cls.KEY)]] += number
        return found


SHARED: tuple[type[Tally], ...] = (StepCount, StandingCount, StageCount, InHandCount)
TALLIES: tuple[type[Tally], ...] = (*SHARED, StatusCount)


class CountedRequest(models.Model):
    """What one request counts for in the tallies, as of the event `last_event_id` of its own.

    The events of one request are numbered in the order in which they are committed, because each
    move locks its row. So an event with a higher number is one that is not counted yet.
    """

    card_request = models.OneToOneField(
        CardRequest, models.CASCADE, primary_key=True, related_name="+", verbose_name="申请"
    )
    last_event_id = models.PositiveBigIntegerField("算到的记录号")
    is_activated = models.BooleanField("卡已启用")
    shares = models.TextField("算在哪些件数里", help_text="由 shares.packed 写成")

    class Meta:
        verbose_name = verbose_name_plural = "已计入统计的申请"

    def __str__(self):
        return f"已计入统计的申请 #{self.pk}"


class CountingProgress(models.Model):
    """The one row that says how far the book of events is counted. Whoever counts locks it.

    Up to `settled_event_id` everything is counted, and nothing can be added any more. Above it an
    event can still be missing: numbers are given before events are committed. `next_event_id` will
    be settled when all transactions before `next_transaction` are over.
    """

    ONLY = 1

    settled_event_id = models.PositiveBigIntegerField("到这里都已计入", default=0)
    seen_event_id = models.PositiveBigIntegerField("最后看过的记录", default=0)
    next_event_id = models.PositiveBigIntegerField("接下来到这里", default=0)
    next_transaction = models.PositiveBigIntegerField("等这之前的事务结束", default=0)
    calendar = models.CharField("工作日按哪份日历", max_length=64, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "统计的进度"

    def __str__(self):
        return f"统计的进度 #{self.pk}"
