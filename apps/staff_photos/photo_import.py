"""Reads photos of people from an archive (zip), whose names are employee or ID numbers.

They become the photos that faces and portraits are compared with, or are offered to people as
portraits (`PhotoPurpose`). The archive is looked at before it does anything (`plan`), and applied
as it was seen (`apply`).
"""

import hashlib
import io
import re
import zipfile
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePosixPath

from django.db.models import F

from apps.common.plain_text import compact
from apps.common.refusals import Refused
from apps.common.visibility import shown
from apps.encryption.fields import blind_indexes
from apps.people.models import Holder
from apps.staff_photos import photos
from apps.staff_photos.enums import PhotoPurpose
from apps.staff_photos.services import offer_portrait, replace_photo

MOST = 200  # pictures of one archive: each is decoded while somebody waits
MOST_PORTRAITS = 60  # each is measured by the standard of portraits as well, 0.2 to 0.4 s
_ID_NUMBER = re.compile(r"[0-9]{17}[0-9X]", re.ASCII)
_NUMBER = re.compile(r"[0-9A-Z_-]{1,20}", re.ASCII)
_UTF8 = 0x800  # the flag of an entry whose name is UTF-8
_STORED = {PhotoPurpose.REFERENCE: replace_photo, PhotoPurpose.PORTRAIT: offer_portrait}


class PhotoOutcome(StrEnum):
    MATCHED = "matched"
    UNMATCHED = "unmatched"
    DOUBLED = "doubled"
    REFUSED = "refused"

    @property
    def label(self):
        return _LABELS[self]


_LABELS = {
    PhotoOutcome.MATCHED: "对上了人",
    PhotoOutcome.UNMATCHED: "没有对上人",
    PhotoOutcome.DOUBLED: "一人两张",
    PhotoOutcome.REFUSED: "照片不能用",
}


@dataclass
class PhotoRow:
    """One picture of the archive. `file` is its name as a page shows it, masked."""

    file: str
    number: str = field(repr=False)
    entry: zipfile.ZipInfo = field(repr=False)
    holder: Holder | None = None
    outcome: PhotoOutcome = PhotoOutcome.UNMATCHED
    reason: str = ""
    jpeg: bytes = field(default=b"", repr=False)

    @property
    def is_matched(self):
        """Whether its picture is one to store."""
        return self.outcome == PhotoOutcome.MATCHED


class UnreadableArchive(Refused):
    """The file is no archive of pictures."""


def plan(content, *, read=photos.from_file, most=MOST):
    """The `PhotoRow`s of an archive, its bytes. Raises `UnreadableArchive`.

    `read(file, size=…)` returns the picture in a binary file as it is stored, or raises `Refused`
    with the rule that it breaks; `most` is how many pictures are taken.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile:
        raise UnreadableArchive("这个文件不是完好的 zip 压缩包。", code="no_archive") from None
    with archive:
        rows = [_row(entry) for entry in archive.infolist() if _is_meant(entry)]
        if not rows:
            raise UnreadableArchive("压缩包里没有照片（.jpg、.jpeg、.png）。", code="empty")
        if len(rows) > most:
            raise UnreadableArchive(
                f"压缩包里有 {len(rows)} 张照片，一次最多 {most} 张，请分成几个压缩包。",
                code="too_many",
            )
        _find_people(rows)
        for row in rows:
            if row.outcome == PhotoOutcome.MATCHED:
                _decode(archive, row, read)
    return rows


def _is_meant(entry):
    """Not a folder, nor what macOS and Windows add to an archive."""
    path = PurePosixPath(_name(entry))
    hidden = any(part.startswith((".", "__MACOSX")) for part in path.parts)
    return not entry.is_dir() and not hidden and path.suffix.lower() in (".jpg", ".jpeg", ".png")


def _name(entry):
    """The name of the entry; a Chinese Windows writes it in GBK."""
    if entry.flag_bits & _UTF8:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("gbk")
    except UnicodeError:
        return entry.filename


def _row(entry):
    path = PurePosixPath(_name(entry))
    number = compact(path.stem).upper()
    return PhotoRow(_masked(number) + path.suffix, number, entry)


def _masked(number):
    if _ID_NUMBER.fullmatch(number):
        return shown(number, "list.id_number")
    if _NUMBER.fullmatch(number):
        return shown(number, "roster.employee_number")
    return shown(number, "list.name")  # people name files by names


def _find_people(rows):
    """Match by ID number, else by employee number; two queries."""
    people = Holder.objects.filter(user__isnull=False).select_related("user")
    by_id = {number: index for row in rows for number in [row.number] for index in _indexes(number)}
    found = {
        holder.id_number_index: holder
        for holder in people.filter(id_number_index__in=[*by_id.values()])
    }
    numbers = {row.number for row in rows if _NUMBER.fullmatch(row.number)}
    employed = people.filter(user__employee_number__in=numbers)
    accounts = {
        holder.employee_number: holder
        for holder in employed.annotate(employee_number=F("user__employee_number"))
    }
    seen: dict[int, PhotoRow] = {}
    for row in rows:
        of_id = next((found[i] for i in _indexes(row.number) if i in found), None)
        row.holder = of_id or accounts.get(row.number)
        _judge(row, seen)


def _indexes(number):
    return blind_indexes(number) if _ID_NUMBER.fullmatch(number) else []


def _judge(row, seen):
    if row.holder is None:
        row.reason = "名册里没有这个工号或社会保障号码"
        return
    if row.holder.left_date is not None:
        row.reason = "这个人已经离职"
        return
    row.outcome = PhotoOutcome.MATCHED
    first = seen.setdefault(row.holder.pk, row)
    if first is not row:
        for each in (first, row):
            each.outcome, each.reason = PhotoOutcome.DOUBLED, "请只留一张"


def _decode(archive, row, read):
    try:
        with archive.open(row.entry) as file:
            row.jpeg = read(file, size=row.entry.file_size)
    except Refused as refusal:
        row.outcome, row.reason = PhotoOutcome.REFUSED, refusal.message
    except (OSError, RuntimeError, NotImplementedError, zipfile.BadZipFile, EOFError):
        row.outcome, row.reason = PhotoOutcome.REFUSED, "压缩包里的这一张打不开，可能加了密码"


def digest(rows, purpose=PhotoPurpose.REFERENCE):
    """What a page showed of `rows` for the `purpose`, to be compared when it is confirmed."""
    told = hashlib.sha256(purpose.encode())
    for row in rows:
        holder = row.holder.pk if row.holder else ""
        told.update(f"{row.number}\0{holder}\0{row.outcome}\0".encode() + row.jpeg)
    return told.hexdigest()


def apply(*, rows, seen, by, at, purpose=PhotoPurpose.REFERENCE):
    """Store the matched photos of `rows` for their `purpose`. Returns how many were new.

    `seen` is the `digest` of what `by` looked at. Raises `Refused` when it is something else now.
    Each change of a person is an event; the same photo again is none.
    """
    if digest(rows, purpose) != seen:
        raise Refused("压缩包或名册和刚才看到的不一样了，请再核对一遍。", code="changed")
    store = _STORED[purpose]
    return sum(
        store(holder=row.holder, jpeg=row.jpeg, by=by, at=at)
        for row in rows
        if row.outcome == PhotoOutcome.MATCHED
    )
