"""Of requests: amendments agree with them. Of files: none without a row, none due that stays."""

from datetime import timedelta

from django.core.files.storage import default_storage
from django.db.models import Exists, OuterRef

from apps.cards.enums import RequestAction, RequestStatus
from apps.cards.lifecycle import REQUEST
from apps.cards.models import CardRequest
from apps.common.integrity import PATIENCE, About, Invariant, file_columns
from apps.common.moments import day_of
from apps.events.models import Event
from apps.requests.models import Amendment, DiscardedFile

# A file is stored before its row is written: younger ones may still be waiting for it.
FRESH = timedelta(hours=1)


def _without_a_row(at):
    named = set(DiscardedFile.objects.values_list("name", flat=True))
    for model, column in file_columns():
        named.update(model._default_manager.exclude(**{column: ""}).values_list(column, flat=True))
    for name in _stored(""):
        if name not in named and default_storage.get_modified_time(name) < at - FRESH:
            yield name


def _stored(folder):
    """The name of every file of the private storage below `folder`, which the first file makes."""
    if not default_storage.exists(folder):
        return
    folders, files = default_storage.listdir(folder)
    prefix = f"{folder}/" if folder else ""
    yield from (prefix + name for name in files)
    for name in folders:
        yield from _stored(prefix + name)


def _not_thrown_away(at):
    return DiscardedFile.objects.filter(next_try_at__lte=at - PATIENCE)


def _amended_without_being_asked(at):
    waiting = Amendment.objects.open().filter(card_request=OuterRef("pk"))
    return CardRequest.objects.filter(~Exists(waiting), status=RequestStatus.NEEDS_AMENDMENT)


def _asked_without_being_amended(at):
    return Amendment.objects.open().exclude(card_request__status=RequestStatus.NEEDS_AMENDMENT)


def _recalled_without_a_recall(at):
    recalls = Event.objects.of_kind(REQUEST).filter(
        subject_id=OuterRef("card_request"),
        action=RequestAction.RECALL,
        from_status=RequestStatus.NEEDS_AMENDMENT,
        at__gte=OuterRef("answered_at"),
    )
    return Amendment.objects.filter(~Exists(recalls), is_recalled=True)


def _not_given_back(at):
    return Amendment.objects.lapsed(day_of(at - PATIENCE))


INVARIANTS = [
    Invariant("待修改的申请都有未完成的修改要求", _amended_without_being_asked),
    Invariant("未完成的修改要求，申请都在待修改", _asked_without_being_amended),
    Invariant("撤回的修改要求，申请都有撤回的记录", _recalled_without_a_recall),
    Invariant("取回修改到期没有交回的，都已继续审核", _not_given_back, About.WORK),
    Invariant("每个文件都属于某一行，或等待删除", _without_a_row, About.FILES),
    Invariant("等待删除的文件都按时删过", _not_thrown_away, About.WORK),
]
