"""The declaration of one field of the particulars: everything that the portal knows about it.

fields.py declares the fields. Form, check page, evidence at the desk, amendment, export, order file
and retention all read the declarations (registry.py finds them).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import TextChoices

from apps.common import visibility
from apps.unsent.controls import CodeSelect

LONG_TERM = date(9999, 12, 31)  # how 长期 is stored


class FieldStep(Enum):
    """Where a field is given."""

    ROSTER = "copied from the roster, and locked"
    PORTRAIT = "made on the page of the portrait"
    FORM = "typed on the form"


class Store(Enum):
    """Where a value is kept."""

    COLUMN = "a column of Particulars: the database can search it and constrain it"
    EXTRA = "the encrypted column `extra` that many fields share: text only, no migration"


class OnFile(Enum):
    """Whose row in the roster says the same, for the comparison at the desk."""

    NOBODY = "the roster does not know it"
    PERSON = "the person's own"
    HOUSEHOLD = "the person's own or, where it is silent, that of the guardian who acts"


class Kept(Enum):
    """How long a value is kept after the end of the request."""

    PORTRAIT_RETENTION = "as long as the pictures"
    DATA_RETENTION = "as long as what was filled in"
    FOR_GOOD = "it stays with the record"


def everybody(years):
    return True


def nobody(years):
    return False


def from_age(setting):
    """A condition: true for ages from the number of years in the setting of this name."""

    def is_old_enough(years):
        return years >= getattr(settings, setting)

    return is_old_enough


@dataclass(frozen=True, kw_only=True, eq=False)
class Field:
    """One field. Only `name` and `label` are required; the defaults are those of an optional text.

    Ages are completed years. A "row" is the particulars or, in a comparison, a row of the roster.
    """

    name: str
    label: str
    step: FieldStep = FieldStep.FORM
    store: Store = Store.EXTRA
    columns: Mapping[str, str] = field(default_factory=dict)
    """Column → its label, where the field has several or they are called otherwise."""
    side_columns: tuple[str, ...] = ()
    """Columns that change along with it and are no answer by themselves."""
    empty: Any = ""
    """What stands in a column that holds nothing."""
    codes: type[TextChoices] | None = None
    """The code table; None for text and days."""

    asked: Callable[[int], bool] = everybody
    required: Callable[[int], bool] = nobody

    help_text: str = ""
    inputs: Callable[[int], dict[str, forms.Field]] | None = None
    """From the age, the inputs of the form by name. Without it: one, a choice or a text."""
    initial: Callable[[Any], dict[str, Any]] | None = None
    """From a row, the values of the inputs where they are not those of the columns."""
    clean: Callable[[Any, dict], None] | None = None
    """Judges the inputs together; gets the form and its cleaned data, and may add errors."""

    known: Callable[[Any, Any], Any] | None = None
    """From the holder and the guardian who acts (or None), what a new draft begins with."""
    still_holds: Callable[[Any, date], bool] | None = None
    """From the row of the request before and today, whether a replacement takes the value over."""

    text: Callable[[Any, Callable[[date], str]], str] | None = None
    """From a row and a way to write a day, how people read it. Without it: label, day or text."""
    datum: str = ""
    """What it is in the table of apps.common.visibility; empty for what is shown everywhere."""

    on_file: OnFile = OnFile.NOBODY
    is_compared_with_earlier: bool = False
    export_width: int | None = None
    """Width in characters of its column in an export; None keeps it out."""
    is_ordered: bool = False
    """Whether the card bureau is told, in columns of the same names."""
    kept: Kept = Kept.DATA_RETENTION

    def __post_init__(self):
        if not self.columns:
            object.__setattr__(self, "columns", {self.name: self.label})
        if self.store == Store.EXTRA and (self.empty != "" or self.kept != Kept.DATA_RETENTION):
            raise ValueError(f"{self.name}: `extra` holds text, and all of it goes together")
        if self.on_file == OnFile.HOUSEHOLD and [*self.columns] != [self.name]:
            raise ValueError(f"{self.name}: what may be the guardian's has one column of its name")

    @property
    def is_amendable(self):
        """Whether a reviewer can ask for another value, which the roster's values are not."""
        return self.step != FieldStep.ROSTER

    @property
    def all_columns(self):
        return (*self.columns, *self.side_columns)

    def value(self, row, column):
        """What `row` holds in `column`."""
        if self.store == Store.EXTRA and not hasattr(row, column):
            return row.extra_values.get(column, self.empty)
        return getattr(row, column)

    def values(self, row):
        """Column → what `row` holds in it."""
        return {column: self.value(row, column) for column in self.columns}

    def says_nothing(self, row):
        return not any(self.values(row).values())

    def words(self, row, *, write_day=str):
        """How people read the value of `row`, never masked; empty where there is none."""
        if self.says_nothing(row):
            return ""
        if self.text is not None:
            return self.text(row, write_day)
        [value] = self.values(row).values()
        if self.codes is not None:
            return _label(self.codes, value)
        return write_day(value) if isinstance(value, date) else str(value)

    def shown(self, row, place, *, has_looked=False, write_day=str):
        """`words` as a place of apps.common.visibility shows them."""
        words = self.words(row, write_day=write_day)
        if not self.datum:
            return words
        return visibility.shown(words, f"{place}.{self.datum}", has_looked=has_looked)

    def is_masked(self, place):
        """Whether `place` does not show it in full without a recorded look."""
        return bool(self.datum) and visibility.is_masked(f"{place}.{self.datum}")

    def is_hidden(self, place):
        """Whether `place` shows nothing of it."""
        if not self.datum:
            return False
        return visibility.rule_of(f"{place}.{self.datum}") == visibility.Rule.HIDDEN

    def form_inputs(self, years):
        """Name → form field, for somebody of this age."""
        if self.inputs is not None:
            return self.inputs(years)
        is_required = self.required(years)
        options: dict[str, Any] = {
            "label": self.label,
            "help_text": self.help_text,
            "required": is_required,
        }
        if self.codes is None:
            error = {"required": f"请填写{self.label}。"}
            return {self.name: forms.CharField(max_length=100, error_messages=error, **options)}
        empty = f"请选择{self.label}" if is_required else "不填写"
        return {
            self.name: forms.ChoiceField(
                choices=[("", empty), *self.codes.choices],
                widget=CodeSelect,
                error_messages={"required": f"请选择{self.label}。"},
                **options,
            )
        }

    def form_values(self, row):
        """Input → the text or value with which the form begins."""
        if self.initial is not None:
            return self.initial(row)
        return self.values(row)


def _label(codes, code):
    try:
        return codes(code).label
    except ValueError:  # of another program: shown as it stands
        return str(code)
