"""Compares the rows of a staff roster with what is stored, and enters them.

django-import-export walks through the rows, finds each person, compares before with after and
gathers what is wrong; what is asked of a row is said by `StaffForm`, and what is written by the
services. The people of all rows are looked up together, in a few queries for each `CHUNK` rows.
"""

import json
import logging
from copy import copy
from dataclasses import dataclass, field
from pathlib import Path

import tablib
from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError
from django.db.models import F
from import_export.fields import Field
from import_export.instance_loaders import BaseInstanceLoader
from import_export.resources import Diff, ModelResource
from import_export.widgets import Widget

from apps.common import masks
from apps.common.fields import blind_index
from apps.common.moments import day_of
from apps.people import services
from apps.people.enums import Entry, Ethnicity, IdType, Occupation, Sex
from apps.people.models import Holder, User
from apps.people.roster import photos
from apps.people.roster.staff_form import StaffForm
from apps.people.roster.widgets import CodeWidget, EmploymentWidget, MaskWidget, YesNoWidget, year

logger = logging.getLogger(__name__)

COLUMNS = {str(form_field.label): name for name, form_field in StaffForm.base_fields.items()}
HEADINGS = {name: heading for heading, name in COLUMNS.items()}
_NOT_OF_THE_HOLDER = {"employee_number", "id_number", "is_leaving", "photo", "password"}
_UNIQUE_IN_A_FILE = ("employee_number", "id_number", "phone")
CHUNK = 500


@dataclass
class Row:
    """One row: the cells with a value by heading, and what the form says about them."""

    line: int
    cells: dict[str, str]
    problems: dict[str, list[str]] = field(default_factory=dict)
    data: dict = field(default_factory=dict)
    photo: Path | None = None
    user: User | None = None
    holder: Holder | None = None
    seen: str = ""
    outcome: Entry | None = None

    @property
    def particulars(self):
        given = {COLUMNS[heading] for heading in self.cells} | {"birth_date", "sex"}
        return {name: self.data[name] for name in given - _NOT_OF_THE_HOLDER}

    @classmethod
    def of(cls, sheet):
        """The rows of a `roster_file.Sheet`."""
        return [cls(line, cells, sheet.broken.get(line, {})) for line, cells in sheet.rows]

    def refuse(self, column, reason):
        self.problems.setdefault(column, []).append(reason)


class Changes(Diff):
    """Before and after of the cells that differ, masked: triples (heading, before, after)."""

    def as_html(self):
        pairs = zip(StaffResource.Meta.fields, self.left, self.right, strict=True)
        if self.new:
            return [[SHOWN[name], "", after] for name, _, after in pairs if name in NEW and after]
        return [[SHOWN[name], old, new] for name, old, new in pairs if old != new]


class KnownPeople(BaseInstanceLoader):
    def get_instance(self, row):
        # A copy: what is stored must still be known when the row has changed it.
        return copy(self.resource.current.holder)


def _field(name, attribute=None, widget=None):
    return Field(attribute=attribute or name, column_name=HEADINGS[name], widget=widget or Widget())


class StaffResource(ModelResource):
    """Judges `rows` at the moment `at`, on behalf of `by`.

    A photo is read from `photo_folder`, a Path or None. After the import each row has its
    `problems`, or the `holder`, the `outcome`, and `seen`, a keyed digest of what was stored.
    """

    employee_number = _field("employee_number")
    name = _field("name", widget=MaskWidget(masks.name))
    id_type = _field("id_type", widget=CodeWidget(IdType))
    id_number = _field("id_number", widget=MaskWidget(masks.id_number))
    sex = _field("sex", widget=CodeWidget(Sex))
    birth_date = _field("birth_date", widget=MaskWidget(year))
    ethnicity = _field("ethnicity", widget=CodeWidget(Ethnicity))
    nationality = _field("nationality")
    phone = _field("phone", widget=MaskWidget(masks.phone))
    department = _field("department")
    occupation = _field("occupation", widget=CodeWidget(Occupation))
    address = _field("address", widget=MaskWidget(masks.address))
    has_card_elsewhere = _field("has_card_elsewhere", widget=YesNoWidget())
    left_date = _field("is_leaving", attribute="left_date", widget=EmploymentWidget())

    class Meta:
        model = Holder
        fields = (
            "employee_number",
            "name",
            "id_type",
            "id_number",
            "sex",
            "birth_date",
            "ethnicity",
            "nationality",
            "phone",
            "department",
            "occupation",
            "address",
            "has_card_elsewhere",
            "left_date",
        )
        import_id_fields = ("id_number",)
        instance_loader_class = KnownPeople
        skip_unchanged = True

    def __init__(self, *, rows, photo_folder, by, at):
        super().__init__()
        self.rows, self.photo_folder = rows, photo_folder
        self.by, self.at = by, at
        self.current = Row(0, {})
        self._users: dict[str, User] = {}
        self._holders: dict[str | None, Holder] = {}
        self._phones: dict[str | None, Holder] = {}

    @classmethod
    def get_diff_class(cls):
        return Changes

    def run(self, *, dry_run, is_all_or_nothing=False):
        """Import all rows. Returns the library's result, whose rows are in the order of ours."""
        dataset = tablib.Dataset(headers=list(COLUMNS))
        for row in self.rows:
            dataset.append([row.cells.get(heading, "") for heading in COLUMNS])
        if dry_run:
            # `import_data` would hold a transaction open, and a savepoint for each row; ours
            # writes nothing that would have to be rolled back.
            result = self.import_data_inner(
                dataset,
                dry_run=True,
                raise_errors=False,
                using_transactions=False,
                collect_failed_rows=False,
            )
        else:
            result = self.import_data(
                dataset,
                use_transactions=is_all_or_nothing,
                rollback_on_validation_errors=is_all_or_nothing,
            )
        for error in result.base_errors:
            raise error.error
        for row, row_result in zip(self.rows, result.rows, strict=True):
            for failure in row_result.errors:
                self._note_failure(row, failure.error)
            if row_result.validation_error:
                row.problems = row_result.validation_error.message_dict
            elif row_result.is_skip():
                row.outcome = Entry.UNCHANGED
        return result

    @staticmethod
    def _note_failure(row, error):
        """One row that nobody foresaw never stops the others; a lost database stops them all."""
        if isinstance(error, OperationalError):
            raise error
        logger.error("Line %s of a roster failed", row.line, exc_info=error)
        row.refuse("整行", "处理这一行时出了意外的错误，已记录。请联系系统管理员。")

    # What the library calls, in this order.

    def before_import(self, dataset, **kwargs):
        seen: dict[str, dict[str, int]] = {name: {} for name in _UNIQUE_IN_A_FILE}
        for row in self.rows:
            self._judge(row, seen)
        self._look_up()

    def before_import_row(self, row, **kwargs):
        mine = self.current = self.rows[kwargs["row_number"] - 1]
        if not mine.problems:
            self._check_against_the_stored(mine)
        if mine.problems:
            raise ValidationError(mine.problems)
        row.clear()
        if mine.data["is_leaving"]:
            row[HEADINGS["is_leaving"]] = mine.holder.left_date or day_of(self.at)
            return
        row.update({HEADINGS[name]: value for name, value in mine.particulars.items()})
        row[HEADINGS["id_number"]] = mine.data["id_number"]
        row[HEADINGS["employee_number"]] = mine.data["employee_number"]
        row[HEADINGS["is_leaving"]] = None

    def init_instance(self, row=None):
        return Holder(id_number="")

    def after_init_instance(self, instance, new, row, **kwargs):
        # No column of the holder's; compared like one.
        instance.employee_number = getattr(instance, "employee_number", None) or ""
        self.current.seen = self.digest(instance)

    def save_instance(self, instance, is_create, row, **kwargs):
        mine = self.current
        if mine.data["is_leaving"]:
            mine.outcome = Entry.LEFT
        else:
            mine.outcome = Entry.CREATED if is_create else Entry.UPDATED
            self._move_phone(mine.holder, instance)
        if kwargs["dry_run"]:
            return
        try:
            self.write(mine)
        except services.RosterConflict as conflict:
            raise ValidationError({conflict.column: [conflict.message]}) from None
        except IntegrityError:
            reason = "与同时进行的另一次登记冲突，请重新导入这一行。"
            raise ValidationError({"工号": [reason]}) from None

    def _move_phone(self, before, after):
        """What one row frees or takes counts for the rows after it."""
        if before is not None:
            self._phones.pop(before.phone_index, None)
        if after.phone:
            self._phones[blind_index(after.phone)] = before or after

    def write(self, row):
        """What the row says, through the services."""
        if row.data["is_leaving"]:
            row.outcome = services.end_employment(holder=row.holder, by=self.by, at=self.at)
            return
        row.holder, row.outcome = services.enter_staff_member(
            employee_number=row.data["employee_number"],
            id_number=row.data["id_number"],
            particulars=row.particulars,
            by=self.by,
            at=self.at,
        )

    def digest(self, holder):
        """A keyed digest of what is stored about `holder`; of somebody new, always the same."""
        values = [str(column.get_value(holder)) for column in self.get_import_fields()]
        return blind_index(json.dumps([holder.pk, *values]))

    def _judge(self, row, seen):
        form = StaffForm(
            {COLUMNS[heading]: cell for heading, cell in row.cells.items()}, at=self.at
        )
        for name, messages in form.errors.items():
            # Of a cell that could not be read, the form only sees that it is empty.
            row.problems.setdefault(HEADINGS[name], [*map(str, messages)])
        row.data = form.cleaned_data
        for name in _UNIQUE_IN_A_FILE:
            value = row.data.get(name)
            first = seen[name].setdefault(value, row.line) if value else row.line
            if first != row.line:
                label = HEADINGS[name]
                row.refuse(label, f"与第 {first} 行的{label}相同，只收第 {first} 行。请核对。")
        if row.data.get("photo"):
            self._check_photo(row)

    def _check_photo(self, row):
        """Only looks: thousands of pictures do not fit into memory."""
        if self.photo_folder is None:
            row.refuse("照片", "没有指定照片文件夹，请用 --photos 指定后重试。")
            return
        row.photo = self.photo_folder / row.data["photo"]
        try:
            photos.as_jpeg(row.photo)
        except photos.UnusablePhoto as refusal:
            row.refuse("照片", refusal.message)

    def _look_up(self):
        """Everybody whom a row names by employee number, ID number or phone."""
        for start in range(0, len(self.rows), CHUNK):
            data = [row.data for row in self.rows[start : start + CHUNK]]
            users = User.objects.filter(employee_number__in=_given(data, "employee_number"))
            users = users.select_related("holder").only(
                "employee_number", "is_superuser", "holder__user"
            )
            self._users |= {user.employee_number: user for user in users}
            numbers = [blind_index(number) for number in _given(data, "id_number")]
            # Annotated, because the library copies a person with everything that hangs on it.
            holders = Holder.objects.filter(id_number_index__in=numbers).annotate(
                employee_number=F("user__employee_number")
            )
            self._holders |= {holder.id_number_index: holder for holder in holders}
            phones = [blind_index(phone) for phone in _given(data, "phone")]
            owners = Holder.objects.filter(user__isnull=False, phone_index__in=phones)
            self._phones |= {owner.phone_index: owner for owner in owners.only("phone_index")}
        for row in self.rows:
            row.user = self._users.get(row.data.get("employee_number"))
            row.holder = self._holders.get(blind_index(row.data.get("id_number")))

    def _check_against_the_stored(self, row):
        is_leaving = row.data["is_leaving"]
        owner = None if is_leaving else self._phones.get(blind_index(row.data["phone"]))
        try:
            services.check_entry(user=row.user, holder=row.holder, phone_owner=owner)
            if is_leaving and (row.holder is None or row.holder.user_id is None):
                row.refuse("在职状态", "名册里没有这个人，不用办离职。请核对工号和社会保障号码。")
            elif is_leaving:
                services.check_may_leave(user=row.user, by=self.by)
        except services.RosterConflict as conflict:
            row.refuse(conflict.column, conflict.message)


SHOWN = {name: str(column.column_name) for name, column in StaffResource.fields.items()}
# What a preview shows of a new person.
NEW = {"employee_number", "name", "id_number", "phone", "department", "occupation"}


def _given(data, name):
    return [row[name] for row in data if row.get(name)]
