"""Writes the file for a centre: table, pictures, checksums and an explanation, sealed for it.

The archive is sealed while it is written: nothing of it lies on a disk in the clear but the table,
in a temporary file without a name.
"""

import hashlib
import io
import tempfile
import zipfile

from django.utils import timezone

from apps.common.refusals import Refused
from apps.encryption import sealed_boxes
from apps.exports import collection, files
from apps.exports.columns import Column

PHOTOS = "照片"
SUMS = "SHA256SUMS.txt"
README = "说明.txt"
_WIDTH = 18
_PIECE = 64 * 1024


def table_name(format):
    """The name of the table in the archive."""
    return f"采集表.{format.lower()}"


def headed(chosen):
    """(`SheetColumn`s, the `Column`s with the headings) of `chosen`, pairs of name and heading.

    A column that is not declared any more is left out.
    """
    known = collection.columns()
    kept = [(known[name], heading) for name, heading in chosen if name in known]
    return (
        [column for column, _ in kept],
        [Column(heading or column.label, str, _WIDTH) for column, heading in kept],
    )


def write(rows, *, chosen, format, key, about, target):
    """Write the sealed archive to the binary file `target`.

    `rows` yields pairs of a row and (name, `FieldFile`) of its picture or None; `chosen` is as for
    `headed`; `about` are lines that say what the file is. Raises `Refused` where a picture is lost.
    """
    shown, headings = headed(chosen)
    photos = {}

    def values():
        for row, photo in rows:
            if photo:
                photos[photo[0]] = photo[1]
            yield row

    with tempfile.TemporaryFile() as table:
        files.write(values(), headings, format=format, target=table, is_all_text=True)
        table.seek(0)
        with sealed_boxes.Writer(target, key) as sealed, zipfile.ZipFile(sealed, "w") as archive:
            sums = [_put(archive, table_name(format), table, zipfile.ZIP_DEFLATED)]
            for name, file in photos.items():
                with _opened(file) as picture:
                    sums.append(_put(archive, f"{PHOTOS}/{name}", picture))
            text = io.BytesIO(_explanation(about, shown, headings, photos).encode())
            sums.append(_put(archive, README, text, zipfile.ZIP_DEFLATED))
            archive.writestr(_entry(SUMS), "".join(sums))


def _opened(file):
    try:
        return file.open("rb")
    except OSError as error:
        raise Refused(
            "有一张照片在打包的时候已经删除，或者打不开，文件没有写成。请再导出一次；"
            "还是这样的，请联系运维员。",
            code="picture_lost",
        ) from error


def _entry(name, how=zipfile.ZIP_STORED):
    moment = timezone.localtime().timetuple()[:6]
    entry = zipfile.ZipInfo(name, moment)
    entry.compress_type = how
    return entry


def _put(archive, name, source, how=zipfile.ZIP_STORED):
    """Copy `source` into the archive. Returns its line for `sha256sum --check`."""
    digest = hashlib.sha256()
    with archive.open(_entry(name, how), "w", force_zip64=True) as target:
        for piece in iter(lambda: source.read(_PIECE), b""):
            digest.update(piece)
            target.write(piece)
    return f"{digest.hexdigest()}  {name}\n"


def _explanation(about, shown, headings, photos):
    lines = [*about, f"照片：{len(photos)} 张，在「{PHOTOS}」里，以社会保障号码命名", ""]
    lines += [f"核对：sha256sum --check {SUMS}", "日期是 8 位数字，99991231 表示长期。", ""]
    for column, heading in zip(shown, headings, strict=True):
        codes = "；".join(f"{code} {label}" for code, label in column.codes)
        lines.append(f"{heading.label}：{codes}" if codes else heading.label)
    return "\n".join(lines) + "\n"
