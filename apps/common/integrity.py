"""What must be true of the data at every moment, beyond what constraints of the database can say.

Each app lists its own in `integrity.py` as `INVARIANTS`; `manage.py verify_integrity` tries them
all on a live database, and the tests do after every story.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.core.files.storage import default_storage
from django.db.models import FileField

# How long work that is due may lie before it counts as left undone. Every sweep runs at least once
# an hour, except for deletions, which run hourly and may need a second try.
PATIENCE = timedelta(hours=2)


class About(Enum):
    """What a rule reads: rows alone, files as well, or what workers should have done by now."""

    ROWS = "rows"
    FILES = "files"
    WORK = "work"


@dataclass(frozen=True)
class Invariant:
    """One rule. `says` is the Chinese sentence that is true of sound data.

    `breaches` is called with the moment `at` and returns the rows (or texts without personal data)
    for which it is not true. `about` says what has to be there for it to hold.
    """

    says: str
    breaches: Callable[[datetime], Iterable[Any]]
    about: About = About.ROWS


def invariants() -> Iterator[Invariant]:
    """Every rule of every app."""
    for config in apps.get_app_configs():
        if config.name.startswith("apps.") and find_spec(f"{config.name}.integrity") is not None:
            module = import_module(f"{config.name}.integrity")
            yield from getattr(module, "INVARIANTS", ())


def verify(*, at, about=tuple(About)) -> dict[str, list[str]]:
    """{what is not true: the rows that break it}; empty when everything is as it should be.

    `about` are the kinds of rules to try.
    """
    found = {}
    for invariant in invariants():
        if invariant.about in about:
            broken = sorted(str(row) for row in invariant.breaches(at))
            if broken:
                found[invariant.says] = broken
    return found


def file_columns():
    """(model, name of the column) of every column of ours that names a file."""
    for model in apps.get_models():
        if model.__module__.startswith("apps."):
            for field in model._meta.concrete_fields:
                if isinstance(field, FileField):
                    yield model, field.name


def _without_their_file(at):
    for model, column in file_columns():
        for row in model._default_manager.exclude(**{column: ""}).only("pk", column).iterator():
            if not default_storage.exists(getattr(row, column).name):
                yield row


INVARIANTS = [Invariant("每一行所指的文件都在", _without_their_file, About.FILES)]
