"""Loads the staff roster from a file at once, and reports what was wrong, row by row.

For the command line and the demo town; HR uploads the file instead (apps.roster.services).
"""

from dataclasses import dataclass, field

from apps.people import services
from apps.people.enums import EntryOutcome
from apps.roster.file import read
from apps.roster.resource import StaffResource
from apps.roster.rows import COLUMNS, StaffRow
from apps.staff_photos import photos
from apps.staff_photos.services import replace_photo

REQUIRED = ("工号", "姓名", "社会保障号码")


@dataclass(frozen=True)
class Problem:
    """Why the row that starts on `line` was refused; `column` is a heading. No personal data."""

    line: int
    column: str
    reason: str


@dataclass
class LoadingReport:
    """What loading did: rows by `EntryOutcome`, problems in the order of the file.

    `remarks` say what of the file was not read, `notes` what was filled in or changed in a row.
    """

    entered: dict = field(default_factory=lambda: dict.fromkeys(EntryOutcome, 0))
    problems: list[Problem] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)
    rows: int = 0

    @property
    def refused_lines(self):
        return {problem.line for problem in self.problems}


def load(*, content, photo_folder, is_all_or_nothing, by, at):
    """Enter the people of `content`, the bytes of a file. Returns a `LoadingReport`.

    People are identified by ID number and employee number, so the same file may be loaded again.
    An empty cell does not change what is stored; people who are not in the file stay too.
    `photo_folder` is a Path or None. With `is_all_or_nothing` one problem refuses the whole file,
    otherwise the valid rows are entered. Raises `UnreadableSheet`.
    """
    sheet = read(content, columns=COLUMNS, required=REQUIRED)
    rows = StaffRow.of(sheet)
    resource = StaffResource(
        rows=rows,
        photo_folder=photo_folder,
        by=by,
        at=at,
    )
    resource.run(dry_run=False, is_all_or_nothing=is_all_or_nothing)
    report = LoadingReport(unknown_columns=sheet.unknown_columns, rows=len(rows))
    report.remarks = sheet.remarks
    report.notes = [Problem(row.line, column, note) for row in rows for column, note in row.notes]
    report.problems = [
        Problem(row.line, column, reason)
        for row in rows
        for column, reasons in row.problems.items()
        for reason in reasons
    ]
    if is_all_or_nothing and report.problems:
        return report
    for row in rows:
        if not row.problems:
            report.entered[row.outcome] += 1
            _finish(row, by=by, at=at)
    gone = {row.holder.user_id for row in rows if row.outcome == EntryOutcome.LEFT}
    services.end_sessions(users=gone, at=at)
    return report


def _finish(row, *, by, at):
    """Do the slow work after the transaction: files, and hashing a password."""
    if row.photo:
        jpeg = photos.as_jpeg(row.photo)
        replace_photo(holder=row.holder, jpeg=jpeg, by=by, at=at)
    if row.data["password"] and row.outcome == EntryOutcome.CREATED:
        services.set_initial_password(
            user=row.holder.user, password=row.data["password"], by=by, at=at
        )
