"""The rows of a staff roster, by the headings of its columns."""

from dataclasses import dataclass, field
from pathlib import Path

from apps.people.enums import EntryOutcome
from apps.people.models import Holder, User
from apps.roster.staff_form import StaffForm

COLUMNS = {str(form_field.label): name for name, form_field in StaffForm.base_fields.items()}
# Photos and passwords do not come through the browser: new people are invited instead.
ONLINE_COLUMNS = [heading for heading, name in COLUMNS.items() if name not in ("photo", "password")]
HEADINGS = {name: heading for heading, name in COLUMNS.items()}
_NOT_OF_THE_HOLDER = {"employee_number", "id_number", "is_leaving", "photo", "password"}
_TOLD_BY_THE_NUMBER = {"birth_date", "sex", "id_type"}


@dataclass
class StaffRow:
    """One row: the cells with a value by heading, and what the form says about them."""

    line: int
    cells: dict[str, str]
    problems: dict[str, list[str]] = field(default_factory=dict)
    notes: list[list[str]] = field(default_factory=list)
    original: list[str] = field(default_factory=list)
    data: dict = field(default_factory=dict)
    photo: Path | None = None
    user: User | None = None
    holder: Holder | None = None
    seen: str = ""
    outcome: EntryOutcome | None = None

    @property
    def particulars(self):
        given = {COLUMNS[heading] for heading in self.cells} | _TOLD_BY_THE_NUMBER
        if self.data["nationality"]:
            given.add("nationality")
        return {name: self.data[name] for name in given - _NOT_OF_THE_HOLDER}

    @classmethod
    def of(cls, sheet):
        """The rows of a `file.Sheet`."""
        return [
            cls(
                line,
                cells,
                problems=sheet.broken.get(line, {}),
                notes=sheet.notes.get(line, []),
                original=sheet.originals[line],
            )
            for line, cells in sheet.rows
        ]

    def refuse(self, column, reason):
        self.problems.setdefault(column, []).append(reason)
