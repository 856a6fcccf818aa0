"""Compares the rows of a staff roster with what is stored, and enters them.

django-import-export reads the rows, finds each person, compares before with after and collects the
problems. `StaffForm` validates a row, and the services write it.
"""

import json
import logging
from copy import copy

import tablib
from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError
from import_export.fields import Field
from import_export.instance_loaders import BaseInstanceLoader
from import_export.resources import Diff, ModelResource
from import_export.widgets import Widget

from apps.cards.services import leave
from apps.common.moments import day_of
from apps.common.visibility import shown
from apps.encryption.fields import blind_index
from apps.people import documents, services
from apps.people.enums import EntryOutcome, Ethnicity, IdType, Occupation, Sex
from apps.people.models import Holder
from apps.people.permissions import is_party
from apps.people.refusals import RosterConflict
from apps.roster.known_people import KnownPeople
from apps.roster.rows import COLUMNS, HEADINGS, StaffRow
from apps.roster.staff_form import StaffForm
from apps.roster.widgets import CodeWidget, EmploymentWidget, MaskWidget, YesNoWidget
from apps.staff_photos import photos

logger = logging.getLogger(__name__)

# Fields that the form normalises.
_NORMALISED = ("employee_number", "name", "id_number", "phone")
OWN_ROW = "这是您本人或您家人的记录，不能由您修改，请交给另一位主管导入这一行。"
_UNIQUE_IN_A_FILE = ("employee_number", "id_number", "phone")


class Changes(Diff):
    """Before and after of the cells that differ, masked: triples (heading, before, after)."""

    def as_html(self):
        pairs = zip(StaffResource.Meta.fields, self.left, self.right, strict=True)
        if self.new:
            return [[SHOWN[name], "", after] for name, _, after in pairs if _is_told(name, after)]
        return [[SHOWN[name], old, new] for name, old, new in pairs if old != new]


def _is_told(name, value):
    """Whether a preview shows the `value` of a new person. Usual values are not shown."""
    return value and (name in NEW or (name in USUAL and value != USUAL[name]))


class CurrentHolder(BaseInstanceLoader):
    def get_instance(self, row):
        # A copy, because the values before are needed after the row has changed the person.
        return copy(self.resource.current.holder)


def _field(name, attribute=None, widget=None):
    return Field(attribute=attribute or name, column_name=HEADINGS[name], widget=widget or Widget())


class StaffResource(ModelResource):
    """Judges `rows` at the moment `at`, on behalf of `by`.

    A photo is read from `photo_folder`, a Path or None. After the import each row has its
    `problems`, or the `holder`, the `outcome`, and `seen`, a keyed digest of what was stored.
    """

    employee_number = _field("employee_number")
    name = _field("name", widget=MaskWidget("name"))
    id_type = _field("id_type", widget=CodeWidget(IdType))
    id_number = _field("id_number", widget=MaskWidget("id_number"))
    sex = _field("sex", widget=CodeWidget(Sex))
    birth_date = _field("birth_date", widget=MaskWidget("birth_date"))
    ethnicity = _field("ethnicity", widget=CodeWidget(Ethnicity))
    nationality = _field("nationality")
    phone = _field("phone", widget=MaskWidget("phone"))
    department = _field("department")
    occupation = _field("occupation", widget=CodeWidget(Occupation))
    address = _field("address", widget=MaskWidget("address"))
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
        instance_loader_class = CurrentHolder
        skip_unchanged = True

    def __init__(self, *, rows, photo_folder, by, at):
        super().__init__()
        self.rows, self.photo_folder = rows, photo_folder
        self.by, self.at = by, at
        self.current = StaffRow(0, {})
        self.people = KnownPeople([])

    @classmethod
    def get_diff_class(cls):
        return Changes

    def after_import(self, dataset, result, **kwargs):
        """Nothing. The library would set the sequence of the keys, which the role of the
        application must not do; no key comes from a file.
        """

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
                row.outcome = EntryOutcome.UNCHANGED
        return result

    @staticmethod
    def _note_failure(row, error):
        """An unexpected error in a row does not stop the others. A lost database stops them all."""
        if isinstance(error, OperationalError):
            raise error
        logger.error("Line %s of a roster failed", row.line, exc_info=error)
        row.refuse("整行", "处理这一行时出了意外的错误，已记录。请联系系统管理员。")

    # What the library calls, in this order.

    def before_import(self, dataset, **kwargs):
        seen: dict[str, dict[str, int]] = {name: {} for name in _UNIQUE_IN_A_FILE}
        for row in self.rows:
            self._judge(row, seen)
        self.people = KnownPeople(self.rows)

    def before_import_row(self, row, **kwargs):
        mine = self.current = self.rows[kwargs["row_number"] - 1]
        if not mine.problems:
            self.people.check(mine, by=self.by)
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
        if mine.holder is not None and self.by is not None and is_party(self.by, mine.holder):
            raise ValidationError({"整行": [OWN_ROW]})
        if mine.data["is_leaving"]:
            mine.outcome = EntryOutcome.LEFT
        else:
            mine.outcome = EntryOutcome.CREATED if is_create else EntryOutcome.UPDATED
            self.people.move_phone(mine.holder, instance)
        if kwargs["dry_run"]:
            return
        try:
            self.write(mine)
        except RosterConflict as conflict:
            raise ValidationError({conflict.column: [conflict.message]}) from None
        except IntegrityError:
            reason = "与同时进行的另一次登记冲突，请重新导入这一行。"
            raise ValidationError({"工号": [reason]}) from None

    def write(self, row):
        """Write the row through the services."""
        if row.data["is_leaving"]:
            row.outcome = leave(holder=row.holder, by=self.by, at=self.at)
            return
        row.holder, row.outcome = services.enter_staff_member(
            employee_number=row.data["employee_number"],
            id_number=row.data["id_number"],
            particulars=row.particulars,
            by=self.by,
            at=self.at,
        )

    def digest(self, holder):
        """A keyed digest of what is stored about `holder`; always the same for a new person."""
        values = [str(column.get_value(holder)) for column in self.get_import_fields()]
        return blind_index(json.dumps([holder.pk, *values]))

    def _judge(self, row, seen):
        form = StaffForm(
            {COLUMNS[heading]: cell for heading, cell in row.cells.items()}, at=self.at
        )
        for name, messages in form.errors.items():
            # The form sees an unreadable cell as empty.
            row.problems.setdefault(HEADINGS[name], [*map(str, messages)])
        row.data = form.cleaned_data
        row.notes += [[HEADINGS[name], note] for name, note in form.notes.items()]
        for name in _NORMALISED:
            given, kept = row.cells.get(HEADINGS[name]), row.data.get(name)
            if given and kept and given != kept:
                written = shown(kept, f"roster.{name}")
                row.notes.append([HEADINGS[name], f"写法已规整，登记为 {written}"])
        for name in _UNIQUE_IN_A_FILE:
            value = row.data.get(name)
            first = seen[name].setdefault(value, row.line) if value else row.line
            if first != row.line:
                label = HEADINGS[name]
                row.refuse(label, f"与第 {first} 行的{label}相同，请核对哪一行对。")
        if row.data.get("photo"):
            self._check_photo(row)

    def _check_photo(self, row):
        """Check the photo without keeping it: thousands of pictures do not fit into memory."""
        if self.photo_folder is None:
            row.refuse("照片", "没有指定照片文件夹，请用 --photos 指定后重试。")
            return
        row.photo = self.photo_folder / row.data["photo"]
        try:
            photos.as_jpeg(row.photo)
        except photos.UnusablePhoto as refusal:
            row.refuse("照片", refusal.message)


SHOWN = {name: str(column.column_name) for name, column in StaffResource.fields.items()}
# What a preview shows of a new person.
NEW = {"employee_number", "name", "id_number", "phone", "department", "occupation"}
# Usual values of a new person, which are not shown. They follow from the ID number.
USUAL = {"id_type": IdType.RESIDENT.label, "nationality": documents.CHINA}
