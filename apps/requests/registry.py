"""Finds the declared fields, in the order of the pages.

Another app may declare one of its own: `register(Field(…))`.
"""

from apps.requests.declaration import FieldStep, Kept, OnFile, Store
from apps.requests.fields import FIELDS

_FIELDS = {declared.name: declared for declared in FIELDS}


def register(declared):
    """Make the field known and return it. Raises ValueError when its name is taken."""
    if declared.name in _FIELDS:
        raise ValueError(f"two fields are named {declared.name}")
    _FIELDS[declared.name] = declared
    return declared


def get(name):
    return _FIELDS[name]


def every():
    """Every field."""
    return list(_FIELDS.values())


def from_roster():
    """What is copied from the holder and never typed."""
    return [declared for declared in every() if declared.step == FieldStep.ROSTER]


def on_form():
    """What is typed."""
    return [declared for declared in every() if declared.step == FieldStep.FORM]


def of_household():
    """What is typed and may be the guardian's; each has one column."""
    return [declared for declared in on_form() if declared.on_file == OnFile.HOUSEHOLD]


def amendable():
    """Name → field, of those that a reviewer can ask to be changed."""
    return {declared.name: declared for declared in every() if declared.is_amendable}


def exported():
    """What an export says, beside the request itself."""
    return [declared for declared in every() if declared.export_width is not None]


def ordered():
    """What the card bureau is told of the person."""
    return [declared for declared in every() if declared.is_ordered]


def in_extra():
    """The names of the values that `Particulars.extra` holds."""
    return {
        column
        for declared in every()
        if declared.store == Store.EXTRA
        for column in declared.all_columns
    }


def emptied(*, step, kept=Kept.DATA_RETENTION):
    """Column → empty value, of the fields that are given in `step` and kept so long."""
    return {
        column: declared.empty
        for declared in every()
        if (declared.step, declared.kept) == (step, kept) and declared.store == Store.COLUMN
        for column in declared.columns
    }


def masked_at(place):
    """The labels of what `place` of apps.common.visibility does not show in full."""
    return [declared.label for declared in every() if declared.is_masked(place)]
