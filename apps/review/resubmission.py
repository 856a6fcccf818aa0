"""What an applicant changed when a reviewer had asked for it: before and after, field by field."""

from dataclasses import dataclass

from apps.requests.models import Particulars
from apps.requests.particulars import AMENDABLE
from apps.review import evidence


@dataclass(frozen=True)
class Change:
    """One topic that was asked for. `before` is None where it was not kept, or is forgotten."""

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
    return next((row for row in amendments if row.answered_at), None)


def changes(amendment, particulars, *, is_disclosed):
    """What each item of `amendment` came to. Compared in full, shown masked."""
    before = _as_particulars(amendment.values_before)
    return [
        _of_portrait(amendment, particulars, item)
        if item["field"] == "portrait"
        else _of_columns(before, particulars, item, is_disclosed)
        for item in amendment.items
    ]


def _of_portrait(amendment, particulars, item):
    kept = amendment.portrait_before.name
    is_changed = kept != particulars.portrait.name if kept else None
    return Change("portrait", AMENDABLE["portrait"].label, item["reason"], is_changed)


def _of_columns(before, particulars, item, is_disclosed):
    topic = AMENDABLE[item["field"]]

    def text(row):
        if item["field"] == "id_valid":
            return evidence.validity(row)
        return evidence.shown(row, topic.columns[0], is_disclosed=is_disclosed)

    if before is None:
        return Change(item["field"], topic.label, item["reason"], None, None, text(particulars))
    is_changed = any(
        getattr(before, column) != getattr(particulars, column) for column in topic.columns
    )
    return Change(
        item["field"], topic.label, item["reason"], is_changed, text(before), text(particulars)
    )


def _as_particulars(values):
    """The kept values as an unsaved row, so that they read like those of today."""
    if not values:
        return None
    columns = {field.name: field for field in Particulars._meta.fields}
    return Particulars(**{name: columns[name].to_python(value) for name, value in values.items()})
