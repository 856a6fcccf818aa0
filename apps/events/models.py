"""The book of events: one append-only table for everything that happens."""

from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connections, models
from django.db.models import Q

from apps.events import kinds
from apps.events.enums import NOBODY, Channel, Role


class EventQuerySet(models.QuerySet):
    def of(self, row):
        """The events of one row with a lifecycle, the oldest first."""
        return self.filter(subject_kind=row.lifecycle.name, subject_id=row.pk).order_by("pk")

    def about(self, kind, row):
        """The events of `kind` (a `EventKind` or a lifecycle) about the row `row`."""
        return self.filter(subject_kind=kind.name, subject_id=row.pk)

    def of_kind(self, *lifecycles):
        """The events of all rows of these lifecycles (or kinds)."""
        return self.filter(subject_kind__in=[lifecycle.name for lifecycle in lifecycles])

    def of_person(self, *holders):
        """The events that concern these holders, whatever they are about."""
        return self.filter(holder_id__in=[holder.pk for holder in holders])

    def looks(self):
        """Those by which a member of the staff was shown full personal data."""
        found = Q(pk__in=())
        for kind, action in kinds.looks():
            found |= Q(subject_kind=kind, action=action)
        return self.filter(found)

    def with_subjects(self, *rows):
        """The events as a list, each with its row as `subject`; one query for each of `rows`.

        `rows` are querysets of models with a lifecycle. An event about anything else has None.
        """
        events = list(self)
        for queryset in rows:
            name = queryset.model.lifecycle.name
            mine = [event for event in events if event.subject_kind == name]
            found = queryset.in_bulk({event.subject_id for event in mine})
            for event in mine:
                event.subject = found.get(event.subject_id)
        return events

    def by_subject(self):
        """{pk of the subject: its events, oldest first}; for a queryset of one kind."""
        found: dict[int, list[Event]] = {}
        for event in self.order_by("pk"):
            found.setdefault(event.subject_id, []).append(event)
        return found

    def insert_from(self, rows, *, beside=None, **columns):
        """Add one event for each row of the queryset `rows`, with one INSERT … SELECT.

        `columns` names every column but the key: a value, or an expression of the row. `beside` is
        a further source, joined to `rows`, which then is without a condition of its own: an object
        with the SQL text `joined` and its `parameters`.
        """
        meta = self.model._meta
        source = {
            f"event_{name}": value
            if hasattr(value, "resolve_expression")
            else models.Value(value, output_field=meta.get_field(name))
            for name, value in columns.items()
        }
        select, parameters = (
            rows.order_by().annotate(**source).values_list(*source)
        ).query.sql_with_params()
        if beside is not None:
            select, parameters = f"{select}, {beside.joined}", (*parameters, *beside.parameters)
        into = ", ".join(meta.get_field(name).column for name in columns)
        with connections[self.db].cursor() as cursor:
            cursor.execute(f"INSERT INTO {meta.db_table} ({into}) {select}", parameters)  # noqa: S608


class Event(models.Model):
    """What happened, about what, when, by whom, in which role and why. Rows are only ever added.

    It is the timeline that the applicant sees, the audit that the auditor reads, and the source of
    every message. `facts` holds figures, codes and public references; neither it nor `reason` may
    hold personal data that the portal added. The database refuses to change or delete a row.

    The subject and the person are numbers without a foreign key: the book stands below the tables
    that it speaks of.
    """

    subject_kind = models.CharField("对象种类", max_length=20)
    subject_id = models.PositiveBigIntegerField("对象", null=True, blank=True)
    reference = models.CharField("对象编号", max_length=60, blank=True)
    holder_id = models.PositiveBigIntegerField(
        "持卡人", null=True, blank=True, help_text="事情关系到谁；与人无关的为空"
    )
    action = models.CharField("动作", max_length=24)
    from_status = models.CharField("原状态", max_length=16, blank=True)
    to_status = models.CharField("新状态", max_length=16, blank=True)
    at = models.DateTimeField("办理时间")
    due_at = models.DateTimeField(
        "应办时间", null=True, blank=True, help_text="与办理时间不同时才有，例如到期时间"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="办理人",
        db_index=False,
    )
    role = models.CharField("身份", max_length=10, choices=Role)
    channel = models.CharField("渠道", max_length=10, choices=Channel)
    reason = models.TextField("原因", blank=True)
    facts = models.JSONField("内容", default=dict, blank=True, encoder=DjangoJSONEncoder)

    objects = EventQuerySet.as_manager()

    # The row it is about, where `with_subjects` has looked it up.
    subject: Any = None

    class Meta:
        verbose_name = verbose_name_plural = "办理记录"
        constraints = [
            models.CheckConstraint(
                condition=Q(by__isnull=True, role__in=NOBODY)
                | (Q(by__isnull=False) & ~Q(role__in=NOBODY)),
                name="event_of_a_person_names_the_user",
            ),
        ]
        indexes = [
            # EventQuerySet.of and by_subject: the timeline of a subject.
            models.Index(fields=["subject_kind", "subject_id", "id"], name="event_of_subject"),
            # EventQuerySet.of_person: 办理记录 of a person, the newest first.
            models.Index(
                fields=["holder_id", "id"],
                condition=Q(holder_id__isnull=False),
                name="event_of_person",
            ),
            # The audit page by time, and reporting: what happened in some weeks.
            models.Index(fields=["at", "id"], name="event_by_time"),
            # The audit page by actor.
            models.Index(fields=["by", "at"], condition=Q(by__isnull=False), name="event_by_actor"),
            # The audit page by kind; figures and durations of one kind and action.
            models.Index(fields=["subject_kind", "action", "at"], name="event_by_kind"),
        ]

    def __str__(self):
        return f"办理记录 #{self.pk}"

    @property
    def kind(self):
        """The `EventKind` of what it is about."""
        return kinds.get(self.subject_kind)

    @property
    def label(self):
        """What happened, in the words of the subject's actions."""
        return self.kind.actions(self.action).label

    @property
    def took_effect_at(self):
        """When it took effect: the moment it was due, where it was written down later."""
        return self.due_at or self.at
