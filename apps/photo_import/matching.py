"""Whose picture a file of an archive is: its name is an employee number or an ID number.

The person's own name may stand beside the number. It is compared and never looked up: two people
may have one name.
"""

import re

from django.db.models import F

from apps.common.visibility import shown
from apps.encryption.fields import blind_indexes
from apps.people.models import Holder, User
from apps.photo_import import file_names
from apps.photo_import.enums import PictureFinding
from apps.photo_import.models import ArchivedPicture
from apps.typed_text import names
from apps.typed_text.plain_text import compact

_DIGITS = re.compile(r"[0-9]{1,20}", re.ASCII)
_LONGEST_NUMBER = 20
_UNKNOWN = "名册里没有这个工号或社会保障号码。文件名写号码，可以再加本人姓名，不要加别的字。"
_MERGED = "这个工号的记录已并入同一个人的另一条，请用现在的工号。"
_OTHER_NAME = "文件名里的姓名与名册里这个号码的姓名不同，请核对是谁的照片。"


class _People:
    """The people on the roster whom the names of files may mean; three queries for all names."""

    def __init__(self, stems):
        told = {*stems, *(file_names.read(stem).number for stem in stems)}
        people = Holder.objects.filter(user__isnull=False).select_related("user")
        indexes = [index for text in told for index in _indexes(text)]
        numbers = {_number(text) for text in told}
        self.by_id = {
            holder.id_number_index: holder for holder in people.filter(id_number_index__in=indexes)
        }
        employed = people.annotate(employee_number=F("user__employee_number"))
        self.by_number = {
            holder.employee_number: holder
            for holder in employed.filter(user__employee_number__in=numbers)
        }
        self.padded = self._with_other_zeros(numbers - self.by_number.keys())

    def of(self, name):
        """The `Holder` who has the number `name`, or None."""
        of_id = (self.by_id[index] for index in _indexes(name) if index in self.by_id)
        return next(of_id, None) or self.by_number.get(_number(name))

    def _with_other_zeros(self, numbers):
        """Number without zeros in front → a number on the roster that differs in them only."""
        bare = {number.lstrip("0") for number in numbers if _DIGITS.fullmatch(number)} - {""}
        meant = {
            number.rjust(length, "0")
            for number in bare
            for length in range(len(number), min(len(number) + 6, _LONGEST_NUMBER) + 1)
        }
        known = User.objects.filter(employee_number__in=meant, holder__isnull=False)
        return {
            number.lstrip("0"): number for number in known.values_list("employee_number", flat=True)
        }


def _number(name):
    return User.normalize_username(name)


def _indexes(name):
    number = compact(name).upper()
    return blind_indexes(number) if file_names.ID_NUMBER.fullmatch(number) else []


def rows_of(entries):
    """An unsaved `ArchivedPicture` for each of `entries`, its finding empty where it is to be read.

    Of one person there may be one picture.
    """
    people = _People([entry.stem for entry in entries if not entry.problem])
    rows: list[ArchivedPicture] = []
    first: dict[int, ArchivedPicture] = {}
    for entry in entries:
        row = ArchivedPicture(
            place=entry.place, file=f"{file_names.masked(entry.stem)[:50]}{entry.suffix}"
        )
        rows.append(row)
        if entry.problem:
            row.finding, row.reason = PictureFinding.REFUSED, entry.problem
            continue
        row.holder, row.finding, row.reason = _judged(entry.stem, people)
        if not row.finding:
            _check_alone(row, first.setdefault(row.holder.pk, row))
    return rows


def _judged(stem, people):
    """(the `Holder` or None, the finding, the reason); without a finding the file is to be read."""
    told = file_names.read(stem)
    holder = people.of(stem)
    if holder is None and told.name:
        holder = people.of(told.number)
        if holder is not None and not names.is_same(holder.name, told.name):
            return None, PictureFinding.UNMATCHED, _OTHER_NAME
    if holder is None:
        return None, PictureFinding.UNMATCHED, _why_unknown(told.number, people)
    if holder.merged_into_id is not None:
        return None, PictureFinding.UNMATCHED, _MERGED
    if holder.left_date is not None:
        return holder, PictureFinding.UNMATCHED, "这个人已经离职。"
    return holder, "", ""


def _why_unknown(number, people):
    other = people.padded.get(_number(number).lstrip("0"))
    if other is None:
        return _UNKNOWN
    shown_number = shown(other, "list.employee_number")
    return f"名册里的工号是 {shown_number}，前面的 0 不能多也不能少。请改好文件名。"


def _check_alone(row, first):
    if first is not row:
        for each, other in ((first, row), (row, first)):
            each.finding = PictureFinding.DOUBLED
            each.reason = f"同一个人还有一张：{other.file}。请只留一张。"
