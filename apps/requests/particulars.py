"""Questions about the particulars as a whole: what is missing, what was changed."""

import json

from apps.common.moments import day_of
from apps.requests import registry
from apps.requests.models import Particulars
from apps.typed_text.id_numbers import age


def missing_columns(particulars, *, at):
    """Column → label of what is required at the moment `at` and still empty."""
    return {
        column: label
        for declared in _required(particulars, at)
        for column, label in declared.columns.items()
        if not declared.value(particulars, column)
    }


def missing_fields(particulars, *, at):
    """The labels of the fields that are not filled in, as the form counts them.

    A field may have several columns: the first and the last day of a document are one.
    """
    return [
        declared.label
        for declared in _required(particulars, at)
        if not all(declared.value(particulars, column) for column in declared.columns)
    ]


def _required(particulars, at):
    """The fields of the form that are required at the moment `at`."""
    years = age(particulars.birth_date, day=day_of(at))
    return [
        declared
        for declared in registry.every()
        if declared.is_amendable and declared.required(years)
    ]


def filled_share(particulars, *, at):
    """How much of what is required at the moment `at` is filled in, in percent."""
    required = [
        declared.value(particulars, column)
        for declared in _required(particulars, at)
        for column in declared.columns
    ]
    return 100 * sum(map(bool, required)) // len(required)


def topics_of(particulars, *, at):
    """The names of the fields that can be asked of this applicant again.

    A child of ten has no occupation on the form.
    """
    years = age(particulars.birth_date, day=day_of(at))
    return [name for name, declared in registry.amendable().items() if declared.asked(years)]


def of_roster(holder):
    """Column → what the roster says of `holder`."""
    return {declared.name: getattr(holder, declared.name) for declared in registry.from_roster()}


def own_values(holder):
    """Column → value, of what is the person's own where a guardian had filled in another one."""
    return {
        declared.name: declared.known(holder, None) if declared.known else declared.empty
        for declared in registry.of_household()
    }


def reasons_of(items):
    """The reasons of an amendment's `items` in one line, as the event keeps them."""
    return "；".join(item["reason"] for item in items)


def snapshot(particulars, names):
    """The values of the fields `names` as JSON text; pictures are kept as files instead."""
    values: dict[str, object] = {}
    for name in names:
        if name != "portrait":
            values |= registry.get(name).values(particulars)
    return json.dumps(values, ensure_ascii=False, default=str) if values else ""


def for_new(values):
    """`values` (column → value) as arguments of a new row."""
    names = registry.in_extra() & set(values)
    extra = {name: values[name] for name in names if values[name]}
    columns = {column: value for column, value in values.items() if column not in names}
    return columns | {"extra": _packed(extra)}


def for_update(rows, values):
    """`values` (column → value) as arguments of `rows.update`; `rows` are one row, or none.

    Values without a column of their own go into `extra`. The row is locked for that, so call it in
    the transaction of the update.
    """
    names = registry.in_extra() & set(values)
    if not names:
        return values
    row = rows.select_for_update(of=("self",)).first()
    if row is None:
        return {}
    extra = row.extra_values | {name: values[name] for name in names}
    kept = {name: value for name, value in extra.items() if value}
    columns = {column: value for column, value in values.items() if column not in names}
    return columns | {"extra": _packed(kept)}


def as_row(values):
    """An unsaved row with the `values` of a snapshot, or None if there are none."""
    if not values:
        return None
    columns = {field.name: field for field in Particulars._meta.fields}
    names = registry.in_extra() & set(values)
    known = {
        name: columns[name].to_python(value) for name, value in values.items() if name in columns
    }
    extra = {name: values[name] for name in names}
    return Particulars(**known, extra=_packed(extra))


def _packed(extra):
    return json.dumps(extra, ensure_ascii=False) if extra else ""
