"""The 采集表 for a centre: which columns it has, ordering one by hand, and the daily one."""

from urllib.parse import urlencode

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.bureau.port import bureau_names, public_key_of
from apps.common import working_days
from apps.common.moments import day_of
from apps.common.refusals import Refused, check_reason
from apps.desk import event_kinds
from apps.desk import services as desk
from apps.desk.event_kinds import SheetAction
from apps.events.enums import Channel, Role
from apps.exports import collection
from apps.exports.enums import ExportAction, ExportFormat, ExportSubject, SheetSchedule
from apps.exports.models import Export, SheetProfile
from apps.exports.policies import (
    NobodyToList,
    check_amount,
    check_key,
    check_may_export,
    check_some,
)
from apps.exports.services import check_number
from apps.exports.wording import label_of
from apps.lifecycle import engine
from apps.people.models import User

NEW, ALL = "new", "all"
WHICH = {NEW: "还没有报送过的", ALL: "在办的全部，包括报送过的"}


def latest(receiver):
    """The `SheetProfile` of `receiver` that counts now; before the first one, an unsaved default.

    The default has every column, in the usual order and with its own heading.
    """
    found = SheetProfile.objects.filter(receiver=receiver).order_by("-version").first()
    return found or SheetProfile(
        receiver=receiver,
        version=0,
        columns=[[column.name, column.label] for column in collection.columns().values()],
        format=ExportFormat.XLSX,
        schedule=SheetSchedule.NEVER,
    )


@transaction.atomic
def save_columns(*, receiver, columns, format, schedule, seen_version, by, at):
    """Save a new version of the columns of `receiver`; returns the `SheetProfile`.

    `columns` are pairs of name and heading in their order; `seen_version` is the one that `by` had
    on the page. Raises `Refused` without the right, and when somebody saved another one since.
    """
    check_may_export(by, is_full=True, subject=ExportSubject.SHEET)
    before = latest(receiver)
    if before.version != seen_version:
        raise _changed(before)
    try:
        with transaction.atomic():
            profile = SheetProfile.objects.create(
                receiver=receiver,
                version=before.version + 1,
                columns=[list(pair) for pair in columns],
                format=format,
                schedule=schedule,
                at=at,
                by=by,
            )
    except IntegrityError as error:
        raise _changed(latest(receiver)) from error
    facts = {"receiver": receiver, "version": profile.version, "schedule": schedule}
    names = [name for name, _ in profile.columns]
    desk.record(
        kind=event_kinds.SHEET,
        action=SheetAction.CHANGE,
        row=profile,
        reference="",
        by=by,
        at=at,
        facts=facts | {"columns": names},
    )
    return profile


def _changed(profile):
    message = SheetProfile._meta.constraints[0].violation_error_message
    first = (profile.by, profile.at) if profile.version else None
    return Refused(message, code="changed", first=first)


def count(receiver, *, which, at):
    """How many people a file would list; counting stops at one more than it may have."""
    found = collection.whom(receiver, is_new=which != ALL, at=at)
    return found.order_by()[: settings.EXPORT_MAX_ROWS + 1].count()


@transaction.atomic
def order(*, receiver, which, reason, by, at):
    """Ask for the 采集表 of `which` (NEW or ALL) for `receiver`. Returns the `Export`.

    Raises `Refused` without the right, a key of the receiver, a reason or anybody to list, and when
    `by` has or ordered enough exports.
    """
    User.objects.select_for_update().get(pk=by.pk)  # counted one after the other
    check_may_export(by, is_full=True, subject=ExportSubject.SHEET)
    check_reason(reason, "请写明为什么报送，会和您的工号一起记录。")
    check_key(public_key_of(receiver))
    check_number(by=by, at=at)
    check_amount(count(receiver, which=which, at=at))
    profile = latest(receiver)
    if profile.pk is None:
        profile = save_columns(
            receiver=receiver,
            columns=profile.columns,
            format=profile.format,
            schedule=profile.schedule,
            seen_version=0,
            by=by,
            at=at,
        )
    return _begin(profile, which=which, reason=reason.strip(), by=by, at=at, channel=Channel.ADMIN)


def _begin(profile, *, which, reason, by, at, channel, **columns):
    rows = count(profile.receiver, which=which, at=at)
    check_some(rows)
    export = Export(
        by=by,
        subject=ExportSubject.SHEET,
        format=profile.format,
        filter=urlencode({"receiver": profile.receiver, "which": which}),
        scope=f"采集表，报送{label_of(profile.receiver)}：{WHICH[which]}",
        is_full=True,
        reason=reason,
        expected_rows=rows,
        created_at=at,
        receiver=profile.receiver,
        profile=profile,
        **columns,
    )
    engine.begin(export, ExportAction.ORDER, by=by, role=Role.STAFF, at=at, channel=channel)
    return export


def order_due(*, at):
    """Order what is due today, in the name of whoever set the schedule. Returns how many.

    Idempotent: one file for each centre and day. With nobody to list there is none. What cannot be
    written fails as any other export does, so that somebody is told (messages.py).
    """
    day = day_of(at)
    if timezone.localtime(at).hour < settings.SHEET_FROM_HOUR:
        return 0
    return sum(_order_due(receiver, day, at=at) for receiver in bureau_names())


def _order_due(receiver, day, *, at):
    profile = latest(receiver)
    if not _is_on(profile.schedule, day):
        return False
    if Export.objects.filter(receiver=receiver, for_date=day).exists():
        return False
    try:
        with transaction.atomic():
            _begin(
                profile,
                which=NEW,
                reason="按计划报送",
                by=profile.by,
                at=at,
                channel=Channel.WORKER,
                for_date=day,
            )
    except (NobodyToList, IntegrityError):  # or another worker was first
        return False
    return True


def _is_on(schedule, day):
    if schedule == SheetSchedule.WORKDAYS:
        return working_days.current().is_working(day)
    return schedule == SheetSchedule.DAILY
