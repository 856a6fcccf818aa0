"""What is kept about one person, row by row, as the page and the copy show it."""

import base64
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth import get_user_model
from django.db.models import FileField, ForeignKey, JSONField

from apps.common import money
from apps.common.kept_data import PersonalData
from apps.common.templatetags.formats import full_date, iso, moment
from apps.common.visibility import shown
from apps.my_data import catalogue
from apps.people.models import Holder
from apps.requests.declaration import LONG_TERM

SHOWN = 20
_OF_ANOTHER = "由另一位监护人填写，不向您显示"


@dataclass(frozen=True)
class KeptValue:
    """`raw` is what a machine reads: text, number, yes or no, or ISO 8601."""

    label: str
    text: str
    raw: object


@dataclass(frozen=True)
class KeptEntry:
    """The rows of one `PersonalData` about one person, each a list of `KeptValue`s.

    `has_more` says that there are older ones, which the copy has.
    """

    entry: PersonalData
    rows: list[list[KeptValue]]
    has_more: bool = False

    @property
    def title(self):
        return self.entry.heading


def of(holder, *, reader, is_full, limit=None):
    """Category → `KeptEntry`s with rows, and those that are not shown to anybody.

    Masked unless `is_full`. With `limit`, so many rows of each at most. Costs one query for each
    model of the table, whatever the number of rows.
    """
    read = _rows_of(holder, reader, limit)
    found = {}
    for category, entries in catalogue.by_category().items():
        kept = [_entry(each, read[each.model, each.of], reader, is_full, limit) for each in entries]
        shown = [each for each in kept if each.rows or each.entry.not_shown]
        if shown:
            found[category] = shown
    return found


def _rows_of(holder, reader, limit):
    """(model, `of`) → the rows, up to one more than `limit`; entries of one model share them."""
    entries: dict[tuple, list[PersonalData]] = {}
    for entry in catalogue.every():
        entries.setdefault((entry.model, entry.of), []).append(entry)
    found = {}
    for key, (first, *others) in entries.items():
        names = {f.name for e in (first, *others) for f in _fields(e) if isinstance(f, ForeignKey)}
        rows = first.rows(holder, reader=reader).select_related(*names)
        found[key] = list(rows if limit is None else rows[: limit + 1])
    return found


def _entry(entry, rows, reader, is_full, limit):
    has_more = limit is not None and len(rows) > limit
    values = [_values(entry, row, reader, is_full) for row in rows[:limit]]
    return KeptEntry(entry, [row for row in values if row], has_more)


def _fields(entry):
    return [entry.table._meta.get_field(name) for name in entry.fields]


def _values(entry, row, reader, is_full):
    """The columns of `row` that hold something."""
    writer = getattr(row, f"{entry.written_by}_id") if entry.written_by else None
    found = []
    for field in _fields(entry):
        text, raw = _read(entry, field, row)
        if not text:
            continue
        if field.name in entry.contact and writer not in (None, reader.pk):
            text = raw = _OF_ANOTHER
        elif not is_full and field.name in entry.data:
            text = raw = shown(text, f"my_data.{entry.data[field.name]}")
        found.append(KeptValue(entry.label(field.name), text, raw))
    return found


def _read(entry, field, row):
    """(what people read, what machines read) of the column `field` of `row`."""
    if field.name in entry.texts:
        text = entry.texts[field.name](row)
        return text, text
    value = getattr(row, field.name)
    # A column whose choices other rooms add to has its words without having `choices`.
    in_words = getattr(row, f"get_{field.name}_display", None)
    if in_words is not None and value not in (None, ""):
        text = in_words()
        return text, text
    if value is not None and money.is_in_fen(field.name):
        return money.yuan(value), money.yuan(value)
    return _plain(field, value)


def _plain(field, value):
    if value is None or value == "":
        return "", None
    if isinstance(value, bool):
        return ("是" if value else "否"), value
    if isinstance(value, datetime):
        return moment(value), iso(value)
    if value == LONG_TERM:
        return "长期", "长期"
    if isinstance(value, date):
        return full_date(value), iso(value)
    if isinstance(field, FileField):
        return ("一张照片", _picture(value)) if value else ("", None)
    if isinstance(field, ForeignKey):
        text = _related(value)
        return text, text
    if isinstance(field, JSONField):
        return (f"{len(value)} 项", value) if value else ("", None)
    return str(value), value if isinstance(value, int | float) else str(value)


def _related(value):
    """The name of a place or a bank; no account and no other person is named."""
    if isinstance(value, get_user_model() | Holder):
        return ""
    return str(getattr(value, "name", value))


def _picture(file):
    """The bytes of a stored picture in Base64; "" where the file is gone."""
    try:
        with file.open("rb") as picture:
            return base64.b64encode(picture.read()).decode()
    except OSError:
        return ""
