"""Loads the staff roster from a CSV file and reports, row by row, what was wrong with it."""

from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.people import photos, services
from apps.people.enums import Entry
from apps.people.models import Holder
from apps.people.roster_file import read
from apps.people.staff_form import StaffForm

COLUMNS = {str(form_field.label): name for name, form_field in StaffForm.base_fields.items()}
REQUIRED = ("工号", "姓名", "社会保障号码")
_NOT_OF_THE_HOLDER = {"employee_number", "id_number", "photo", "password"}
_UNIQUE_IN_A_FILE = ("employee_number", "id_number", "phone")


@dataclass(frozen=True)
class Problem:
    """Why the row that starts on `line` was refused; `column` is a heading. No personal data."""

    line: int
    column: str
    reason: str


@dataclass
class Report:
    """What loading did: rows by `Entry`, problems in the order of the file."""

    entered: dict = field(default_factory=lambda: dict.fromkeys(Entry, 0))
    problems: list[Problem] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)
    rows: int = 0

    @property
    def refused_lines(self):
        return {problem.line for problem in self.problems}


@dataclass(frozen=True)
class _Row:
    line: int
    data: dict
    particulars: dict
    photo: Path | None


class _TakeAllBack(Exception):
    """Leaves the one transaction of an all-or-nothing load."""


def load(*, content, photo_folder, is_all_or_nothing, by, at):
    """Enter the people of `content` (bytes of a CSV file) and return a `Report`.

    People are known again by their ID number and employee number, so the same file may be loaded
    any number of times. An empty cell leaves what is stored as it is; whoever is missing in the
    file stays too. `photo_folder` is a Path or None. With `is_all_or_nothing` one problem refuses
    the whole file, otherwise the good rows are kept. Raises `UnreadableRoster`.
    """
    rows, unknown = read(content, columns=COLUMNS, required=REQUIRED)
    report = Report(unknown_columns=unknown, rows=len(rows))
    good = list(_judge(rows, report, photo_folder, on=timezone.localdate(at)))
    if is_all_or_nothing and report.problems:
        return report
    entered: list[tuple[_Row, Holder, Entry]] = []
    try:
        with transaction.atomic() if is_all_or_nothing else nullcontext():
            for row in good:
                _enter(row, report, entered, by=by, at=at)
            if is_all_or_nothing and report.problems:
                raise _TakeAllBack
    except _TakeAllBack:
        report.entered = dict.fromkeys(Entry, 0)
        return report
    for row, holder, outcome in entered:
        _finish(row, holder, outcome, by=by, at=at)
    report.problems.sort(key=lambda problem: problem.line)
    return report


def _judge(rows, report, photo_folder, *, on):
    """Yield the good rows; note the problems of the others."""
    seen: dict[str, dict[str, int]] = {name: {} for name in _UNIQUE_IN_A_FILE}
    for line, cells in rows:
        form = StaffForm({COLUMNS[heading]: cell for heading, cell in cells.items()}, on=on)
        problems = [
            Problem(line, str(form.fields[name].label), str(message))
            for name, messages in form.errors.items()
            for message in messages
        ]
        data = form.cleaned_data
        problems += _repetitions(line, data, seen, form)
        photo, photo_problems = _photo(line, data.get("photo"), photo_folder)
        problems += photo_problems
        if problems:
            report.problems += problems
            continue
        given = {COLUMNS[heading] for heading in cells} | {"birth_date", "sex"}
        particulars = {name: data[name] for name in given - _NOT_OF_THE_HOLDER}
        yield _Row(line, data, particulars, photo)


def _repetitions(line, data, seen, form):
    for name in _UNIQUE_IN_A_FILE:
        value = data.get(name)
        if not value:
            continue
        first = seen[name].setdefault(value, line)
        if first != line:
            label = form.fields[name].label
            yield Problem(line, label, f"与第 {first} 行的{label}相同，只收第 {first} 行。请核对。")


def _photo(line, name, folder):
    """The path of a picture that can be read, and problems; thousands do not fit into memory."""
    if not name:
        return None, []
    if folder is None:
        return None, [Problem(line, "照片", "没有指定照片文件夹，请用 --photos 指定后重试。")]
    try:
        photos.as_jpeg(folder / name)
    except photos.UnusablePhoto as refusal:
        return None, [Problem(line, "照片", refusal.message)]
    return folder / name, []


def _enter(row, report, entered, *, by, at):
    try:
        with transaction.atomic():
            holder, outcome = services.enter_staff_member(
                employee_number=row.data["employee_number"],
                id_number=row.data["id_number"],
                particulars=row.particulars,
                by=by,
                at=at,
            )
    except services.RosterConflict as conflict:
        report.problems.append(Problem(row.line, conflict.column, conflict.message))
    except IntegrityError:
        report.problems.append(
            Problem(row.line, "工号", "与同时进行的另一次登记冲突，请重新导入这一行。")
        )
    else:
        report.entered[outcome] += 1
        entered.append((row, holder, outcome))


def _finish(row, holder, outcome, *, by, at):
    """What is slow, after the transaction: files and the hash of a password."""
    if row.photo:
        jpeg = photos.as_jpeg(row.photo)
        services.set_reference_photo(holder=holder, jpeg=jpeg, by=by, at=at)
    if row.data["password"] and outcome == Entry.CREATED:
        services.set_initial_password(user=holder.user, password=row.data["password"], by=by, at=at)
