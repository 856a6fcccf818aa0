"""Whose picture a file of an archive is: its name is an employee number or an ID number."""

import re

from django.db.models import F

from apps.common.visibility import shown
from apps.encryption.fields import blind_indexes
from apps.people.models import Holder, User
from apps.photo_import.enums import PictureFinding
from apps.photo_import.models import ArchivedPicture
from apps.typed_text.plain_text import compact

_ID_NUMBER = re.compile(r"[0-9]{17}[0-9X]", re.ASCII)
_NUMBER = re.compile(r"[0-9A-Z_-]{1,20}", re.ASCII)
_DIGITS = re.compile(r"[0-9]{1,20}", re.ASCII)
_LONGEST_NUMBER = 20
_UNKNOWN = "名册里没有这个工号或社会保障号码。文件名只写号码，不要加姓名和别的字。"


class _People:
    """The people on the roster whom the names of files may mean; three queries for all names."""

    def __init__(self, names):
        people = Holder.objects.filter(user__isnull=False).select_related("user")
        indexes = [index for name in names for index in _indexes(name)]
        numbers = {_number(name) for name in names}
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
        """The `Holder` whom `name` means, or None."""
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
    return blind_indexes(number) if _ID_NUMBER.fullmatch(number) else []


def _masked(name):
    number = _number(name)
    if _ID_NUMBER.fullmatch(compact(name).upper()):
        return shown(compact(name).upper(), "list.id_number")
    if _NUMBER.fullmatch(number):
        return shown(number, "roster.employee_number")
    return shown(name, "list.name")  # people name files by names


def rows_of(entries):
    """An unsaved `ArchivedPicture` for each of `entries`, its finding empty where it is to be read.

    Of one person there may be one picture.
    """
    people = _People([entry.stem for entry in entries if not entry.problem])
    rows: list[ArchivedPicture] = []
    first: dict[int, ArchivedPicture] = {}
    for entry in entries:
        row = ArchivedPicture(place=entry.place, file=f"{_masked(entry.stem)[:50]}{entry.suffix}")
        rows.append(row)
        if entry.problem:
            row.finding, row.reason = PictureFinding.REFUSED, entry.problem
            continue
        row.holder = people.of(entry.stem)
        row.finding, row.reason = _judged(row, people, entry.stem)
        if not row.finding:
            _check_alone(row, first.setdefault(row.holder.pk, row))
    return rows


def _judged(row, people, name):
    if row.holder is None:
        other = people.padded.get(_number(name).lstrip("0"))
        if other is None:
            return PictureFinding.UNMATCHED, _UNKNOWN
        number = shown(other, "list.employee_number")
        return (
            PictureFinding.UNMATCHED,
            f"名册里的工号是 {number}，前面的 0 不能多也不能少。请改好文件名。",
        )
    if row.holder.left_date is not None:
        return PictureFinding.UNMATCHED, "这个人已经离职。"
    return "", ""


def _check_alone(row, first):
    if first is not row:
        for each, other in ((first, row), (row, first)):
            each.finding = PictureFinding.DOUBLED
            each.reason = f"同一个人还有一张：{other.file}。请只留一张。"
