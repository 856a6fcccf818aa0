"""Of requests and their files: no file without a row, and nothing thrown away that stays."""

from datetime import timedelta

from django.core.files.storage import default_storage

from apps.common.integrity import PATIENCE, About, Invariant, file_columns
from apps.requests.models import DiscardedFile

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
    """The name of every file of the private storage below `folder`."""
    folders, files = default_storage.listdir(folder)
    prefix = f"{folder}/" if folder else ""
    yield from (prefix + name for name in files)
    for name in folders:
        yield from _stored(prefix + name)


def _not_thrown_away(at):
    return DiscardedFile.objects.filter(next_try_at__lte=at - PATIENCE)


INVARIANTS = [
    Invariant("每个文件都属于某一行，或等待删除", _without_a_row, About.FILES),
    Invariant("等待删除的文件都按时删过", _not_thrown_away, About.WORK),
]
