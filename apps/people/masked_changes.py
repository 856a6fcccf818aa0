"""What the book of events says of changed fields of a person: before and after, masked."""

from datetime import date

from apps.common.visibility import DATA, shown


def changes_of(before, after):
    """The facts of an event about changed fields: their names, and {name: [was, is]}, masked.

    `before` and `after` are values of `Holder` by name. Of a text the last character is shown, of
    a day the year.
    """
    fields = sorted(after)
    changes = {name: [_masked(name, values[name]) for values in (before, after)] for name in fields}
    return {"fields": fields, "changes": changes}


def _masked(name, value):
    if value is None or isinstance(value, bool):
        return value
    if name == "user_id":
        return bool(value)
    if isinstance(value, date):
        return shown(value, "book.birth_date")
    return shown(value, f"book.{name if name in DATA else 'name'}")
