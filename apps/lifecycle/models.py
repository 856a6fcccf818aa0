"""The base of every model with a lifecycle, and what a sweep could not move."""

from datetime import timedelta
from functools import cache
from typing import ClassVar

from django.db import models

from apps.common import leases
from apps.events.models import Event
from apps.lifecycle.tables import Lifecycle
from apps.queries.prepared import PreparedQuery


class LivingQuerySet(models.QuerySet):
    def in_status(self, *statuses, at):
        """Those that are in one of `statuses` at the moment `at`, the clock considered."""
        return self.filter(self.model.lifecycle.in_status(*statuses, at=at))

    def with_status_at(self, at):
        """Annotates `current_status`: the status at the moment `at`, the clock considered."""
        return self.annotate(current_status=self.model.lifecycle.status_expression(at))

    def overdue(self, action, at):
        """Those that the clock has moved by `action`, which is not written down yet."""
        return self.filter(self.model.lifecycle.due(action, at))


class Living(models.Model):
    """A row with a status that only the engine writes.

    A subclass names its `lifecycle`, has a `status` column of its choices, and takes
    `lifecycle.constraint()` among its constraints.
    """

    lifecycle: ClassVar[Lifecycle]

    status_since = models.DateTimeField("状态开始时间")

    class Meta:
        abstract = True

    def status_at(self, at):
        """The status at the moment `at`. A status whose end has passed is over."""
        return self.lifecycle.status_at(self, at)

    def is_over(self, at):
        """Whether no move leads on from the status at the moment `at`."""
        return self.lifecycle.is_final(self.status_at(at))

    @classmethod
    def held(cls, pk):
        """The row as it is now, locked until the transaction ends. Raises `DoesNotExist`.

        Its SQL is written once. SQLite has no row locks.
        """
        return _only(_row(cls, is_locked=True).read(pk=pk), cls)

    def read_again(self, *, is_locked=False):
        """Bring all columns in memory up to date, and forget the rows that it points to.

        Like `refresh_from_db`, but its SQL is written once, and nothing is decrypted. With
        `is_locked` the row is locked until the transaction ends.
        """
        fresh = _only(_row(type(self), is_locked=is_locked).read(pk=self.pk), type(self))
        self.__dict__.pop("_prefetched_objects_cache", None)
        self.__dict__.update(fresh.__dict__)

    @property
    def events(self):
        """The events of this row, the oldest first."""
        return Event.objects.of(self)


@cache
def _row(model, *, is_locked):
    rows = model._base_manager.select_for_update() if is_locked else model._base_manager.all()
    return PreparedQuery(lambda pk: rows.filter(pk=pk), pk=model)


def _only(found, model):
    if not found:
        raise model.DoesNotExist
    return found[0]


FIRST_PAUSE = timedelta(minutes=10)
LONGEST_PAUSE = timedelta(hours=6)
# How long a row can have to wait after each of its tries, of which there are one or more.
PAUSES = tuple(
    leases.growing_pause(max(tries, 1), first=FIRST_PAUSE, longest=LONGEST_PAUSE)
    for tries in range(8)
)


class SetbackQuerySet(models.QuerySet):
    def holding(self, lifecycle, action, at):
        """What keeps rows of `lifecycle` from being tried again at the moment `at`."""
        return (
            self.filter(subject_kind=lifecycle.name, action=action)
            .exclude(leases.due(at, pauses=PAUSES))
            .values("subject_id")
        )


class Setback(models.Model):
    """Why a sweep could not move a row, and when it tries again.

    The sweep goes on with the other rows. The `Setback` is deleted when the move succeeds.
    """

    subject_kind = models.CharField("对象种类", max_length=20)
    subject_id = models.PositiveBigIntegerField("对象")
    action = models.CharField("动作", max_length=24)
    reason = models.CharField("原因", max_length=300)
    tries = models.PositiveIntegerField("次数", default=1)
    first_at = models.DateTimeField("第一次时间")
    next_try_at = models.DateTimeField("下次办理时间")

    objects = SetbackQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "未能自动办理的事项"
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "action", "subject_id"],
                name="one_setback_per_row_and_action",
            ),
        ]

    def holds(self, at):
        """Whether it keeps its row from being tried again at the moment `at`."""
        pause = PAUSES[min(self.tries, len(PAUSES) - 1)]
        return leases.is_live(self.next_try_at, at, length=pause)

    def __str__(self):
        return f"未能自动办理 #{self.pk}"
