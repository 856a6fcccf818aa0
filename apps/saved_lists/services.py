"""Saves, renames, shares and deletes lists. What the team has is recorded."""

from django.db import IntegrityError, transaction

from apps.common.refusals import Refused
from apps.desk import event_kinds
from apps.desk import services as desk
from apps.desk.event_kinds import SavedListAction
from apps.events.enums import Role
from apps.people.models import User
from apps.saved_lists.models import FirstList, SavedList
from apps.saved_lists.policies import check_may_change, check_may_share, check_number


class NameTaken(Refused):
    """Another list has the name; `constraint` says which lists may not share one."""

    def __init__(self, *, is_shared):
        of_all = SavedList._meta.constraints[1 if is_shared else 0]
        super().__init__(of_all.violation_error_message, code="name_taken")


@transaction.atomic
def save_list(*, name, query, is_shared, is_first, by, at):
    """Keep the list with the query string `query`. Returns the `SavedList`.

    With `is_first` the queue of `by` opens on it from now on. Raises `Refused` when there are too
    many, for a name that is taken, and to share without the right.
    """
    if is_shared:
        check_may_share(by=by)
    _check_room(is_shared=is_shared, by=by)
    row = SavedList(by=by, at=at, name=name, query=query, is_shared=is_shared)
    _write(row)
    if is_first:
        start_with(saved_list=row, by=by, at=at)
    if is_shared:
        _record(row, SavedListAction.SHARE, by=by, at=at)
    return row


@transaction.atomic
def edit(*, saved_list, name, is_shared, by, at):
    """Give `saved_list` another name, share it, or take it back from the team.

    Raises `Refused` without the right, for a name that is taken, and when there are too many.
    """
    row = _locked(saved_list)
    check_may_change(row, by=by)
    before, was_shared = row.name, row.is_shared
    if (before, was_shared) == (name, is_shared):
        return
    if is_shared != was_shared:
        check_may_share(by=by)
        _check_room(is_shared=is_shared, by=by if is_shared else row.by)
    row.name, row.is_shared = name, is_shared
    row.changed_by, row.changed_at = by, at
    _write(row)
    if is_shared != was_shared:
        FirstList.objects.filter(saved_list=row).exclude(by=row.by).delete()
        action = SavedListAction.SHARE if is_shared else SavedListAction.TAKE_BACK
        _record(row, action, by=by, at=at)
    if is_shared and was_shared:
        _record(row, SavedListAction.RENAME, by=by, at=at, before=before)


@transaction.atomic
def replace_query(*, saved_list, query, seen, by, at):
    """Let `saved_list`, which had the query string `seen` when it was chosen, have `query`.

    Name, sharing and who begins with it stay. Raises `Refused` without the right, and when somebody
    has replaced the query meanwhile.
    """
    row = _locked(saved_list)
    check_may_change(row, by=by)
    if row.query != seen:
        raise Refused(f"「{row.name}」刚有同事换了筛选，没有代替。请看过再换。", code="replaced")
    if row.query == query:
        return
    row.query, row.changed_by, row.changed_at = query, by, at
    row.save(update_fields=["query", "changed_by", "changed_at"])
    if row.is_shared:
        _record(row, SavedListAction.REPLACE, by=by, at=at)


@transaction.atomic
def delete_list(*, saved_list, name, by, at):
    """Delete `saved_list`, which was shown under `name`.

    Raises `Refused` without the right, and when somebody has renamed it meanwhile.
    """
    row = _locked(saved_list)
    check_may_change(row, by=by)
    if row.name != name:
        raise Refused(f"这个列表刚改名为「{row.name}」，没有删除。请核对后再删。", code="renamed")
    if row.is_shared:
        _record(row, SavedListAction.DELETE, by=by, at=at)
    row.delete()


def start_with(*, saved_list, by, at):
    """Let the queue of `by` open on `saved_list`."""
    FirstList.objects.update_or_create(by=by, defaults={"saved_list": saved_list})


def start_as_usual(*, by, at):
    """Let the queue of `by` open on what waits."""
    FirstList.objects.filter(by=by).delete()


def saved_last(*, saved_list):
    """(user, moment) of the last change of `saved_list`."""
    row = SavedList.objects.select_related("by__holder", "changed_by__holder").get(pk=saved_list.pk)
    return (row.changed_by, row.changed_at) if row.changed_by else (row.by, row.at)


def _locked(saved_list):
    row = SavedList.objects.select_for_update().filter(pk=saved_list.pk).first()
    if row is None:
        raise Refused("这个列表已经删除了。", code="gone")
    return row


def _check_room(*, is_shared, by):
    User.objects.select_for_update().get(pk=by.pk)  # counted one after the other
    lists = SavedList.objects.filter(is_shared=True) if is_shared else _own(by)
    check_number(lists.count(), is_shared=is_shared)


def _own(user):
    return SavedList.objects.filter(by=user, is_shared=False)


def _write(row):
    taken = SavedList.objects.shared().filter(name=row.name).exclude(pk=row.pk)
    if row.is_shared and taken.exists():
        raise NameTaken(is_shared=True)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise NameTaken(is_shared=False) from error


def _record(row, action, *, by, at, **facts):
    desk.record(
        kind=event_kinds.SAVED_LIST,
        action=action,
        by=by,
        role=Role.REVIEWER,
        at=at,
        row=row,
        facts={"list": row.name} | facts,
    )
