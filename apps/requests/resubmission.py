"""What an applicant changed when a reviewer had asked for it: before and after, field by field."""

from dataclasses import dataclass

from apps.requests import registry
from apps.requests.particulars import as_row


@dataclass(frozen=True)
class Change:
    """One field that had to be changed. `before` is None if it was not kept or is deleted."""

    topic: str
    label: str
    reason: str
    is_changed: bool | None
    before: str | None = None
    after: str = ""

    @property
    def is_portrait(self):
        return self.topic == "portrait"


def latest(amendments):
    """The last one of `amendments`, newest first, that was answered by the applicant; or None."""
    return next((row for row in amendments if row.answered_at and not row.is_recalled), None)


def changes(amendment, particulars, *, is_disclosed):
    """A `Change` for each item of `amendment`. Compared in full, shown masked."""
    before = as_row(amendment.values_before)
    return [
        _of_portrait(amendment, particulars, item)
        if item["field"] == "portrait"
        else _of_field(before, particulars, item, is_disclosed)
        for item in amendment.items
    ]


def _of_portrait(amendment, particulars, item):
    kept = amendment.portrait_before.name
    is_changed = kept != particulars.portrait.name if kept else None
    return Change("portrait", registry.get("portrait").label, item["reason"], is_changed)


def _of_field(before, particulars, item, is_disclosed):
    declared = registry.get(item["field"])

    def text(row):
        return declared.shown(row, "case", has_looked=is_disclosed)

    after = text(particulars)
    if before is None:
        return Change(declared.name, declared.label, item["reason"], None, None, after)
    is_changed = declared.values(before) != declared.values(particulars)
    return Change(declared.name, declared.label, item["reason"], is_changed, text(before), after)
