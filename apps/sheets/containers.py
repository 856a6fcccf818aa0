"""Recognises the format of an uploaded file by its first bytes, not by its name.

A workbook is checked before it is unpacked: the unpacked size is limited, and files with macros or
a password are refused. For another kind of file the refusal names it and says what to do.
"""

import io
import re
import zipfile

from django.conf import settings

from apps.sheets import parts
from apps.sheets.cells import UnreadableSheet

XLSX, XLS, TEXT = "xlsx", "xls", "csv"
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Workbooks before Excel 5, as FoxPro exports them: the length of the first record, and versions.
_BEFORE_OLE = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")
_MOST_PARTS = 2000
# The namespace of the strict variant of the format, which hardly any program reads.
_STRICT = b"purl.oclc.org/ooxml"
SAVE_AS = "请用 Excel 或 WPS 打开，另存为“Excel 工作簿（.xlsx）”后上传。"
# How other files begin, and what they are.
OTHER_FILES = (
    (b"%PDF", "PDF 文件"),
    (b"Rar!", "压缩包（RAR）"),
    (b"7z\xbc\xaf", "压缩包（7z）"),
    (b"\x1f\x8b", "压缩包（gzip）"),
    (b"\xff\xd8\xff", "图片（JPEG）"),
    (b"\x89PNG", "图片（PNG）"),
    (b"GIF8", "图片（GIF）"),
    (b"{\\rtf", "写字板文档（RTF）"),
)
_SYLK = re.compile(rb"ID;P[A-Z]*[;\r\n]")
# Names of parts by which a zip file tells what it is.
_OTHER_ZIPS = (
    ("xl/workbook.bin", "Excel 二进制工作簿（.xlsb）", SAVE_AS),
    ("word/document.xml", "Word 文档", "请把表格复制到 Excel 或 WPS 表格里，另存为 .xlsx 后上传。"),
    ("ppt/presentation.xml", "演示文稿", "请上传名册的 .xlsx 或 CSV 文件。"),
    ("index/document.iwa", "Numbers 表格", "请在 Numbers 里“导出为 Excel”后上传。"),
    ("content.xml", "OpenDocument 表格（.ods）", SAVE_AS),
)
_MARKUP = re.compile(
    rb"<(!doctype html|html|table|meta|head|\?xml|div|style|script|body|center|\w*:?workbook)\b"
    rb"|<!--",
    re.IGNORECASE,
)
_MAIL = re.compile(rb"(mime-version|from|content-type):", re.IGNORECASE)


def kind(content, *, is_at_once=False):
    """XLSX, XLS or TEXT. Raises `UnreadableSheet` for what is not taken.

    With `is_at_once` somebody waits while it is read, and a workbook that takes long is refused.
    """
    if content.startswith(OLE):
        _check_old_workbook(content)
        return XLS
    if content.startswith(ZIP):
        _check_zip(content, most=parts.MOST_AT_ONCE if is_at_once else parts.MOST_IN_ALL)
        return XLSX
    if content.startswith(_BEFORE_OLE):
        return XLS
    for magic, what in OTHER_FILES:
        if content.startswith(magic):
            raise UnreadableSheet(
                f"这是{what}，不是名册。请上传 .xlsx、.xls 或 CSV 文件。", code="other_file"
            )
    if _SYLK.match(content):
        raise UnreadableSheet(f"这是 SYLK 文件（.slk），不能直接读。{SAVE_AS}", code="other_file")
    _check_markup(content)
    return TEXT


def _check_markup(content):
    """Web pages and XML that a program of HR saved under the name .xls or .csv."""
    start = content[:4096].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    is_spreadsheet = b"urn:schemas-microsoft-com:office:spreadsheet" in start
    if _MAIL.match(start) and b"mime-version:" in start.lower():
        what = "网页存档（MHTML）"
    elif not _MARKUP.match(start):
        return
    elif is_spreadsheet and b"<html" not in start.lower():
        what = "XML 表格（Excel 2003 的 XML 格式）"
    elif start[:5].lower() == b"<?xml" and b"<html" not in start.lower():
        what = "XML 文件"
    else:
        what = "网页（HTML）"
    raise UnreadableSheet(f"这个文件的内容是{what}，只是取了表格的文件名。{SAVE_AS}", code="markup")


def _check_old_workbook(content):
    """An .xls, and not one of the other files that Office wraps in the same way."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise locked()
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        raise _macros()
    names = ["Workbook", "Book"]
    if not any(f"{name}\0".encode("utf-16-le") in content for name in names):
        raise UnreadableSheet(
            "这不是 Excel 工作簿，或者没有传完整。" + SAVE_AS, code="old_or_locked"
        )


def _check_zip(content, *, most):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            start = _start_of_workbook(archive)
    except Exception:  # The library fails in many ways on files that are not whole.
        raise damaged() from None
    names = {part.filename.lower() for part in entries}
    if any(name.endswith("vbaproject.bin") for name in names):
        raise _macros()
    if "xl/workbook.xml" not in names:
        raise _other_zip(names)
    if _STRICT in start:
        raise UnreadableSheet(
            "这是“严格 Open XML”格式的工作簿，读不了。"
            "请另存为普通的“Excel 工作簿（.xlsx）”后上传。",
            code="strict",
        )
    # A part is unpacked at most up to the size in its entry.
    unpacked = sum(part.file_size for part in entries)
    if unpacked > settings.ROSTER_MAX_UNPACKED_BYTES or len(entries) > _MOST_PARTS:
        raise UnreadableSheet(
            "文件解压后太大。请只保留名册这一张工作表，删除图片和多余的行列后上传。",
            code="unpacked",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts.check(archive, most=most)
    except UnreadableSheet:
        raise
    except Exception:
        raise damaged() from None


def _start_of_workbook(archive):
    if "xl/workbook.xml" not in archive.namelist():
        return b""
    with archive.open("xl/workbook.xml") as part:
        return part.read(4096)


def _other_zip(names):
    for part, what, advice in _OTHER_ZIPS:
        if part in names:
            return UnreadableSheet(f"这是{what}，不能直接读。{advice}", code="no_workbook")
    if any(name.endswith((".xlsx", ".xls", ".csv")) for name in names):
        return UnreadableSheet("这是压缩包。请解压以后，上传里面的名册文件。", code="no_workbook")
    return UnreadableSheet(
        "这不是 Excel 工作簿。请上传 .xlsx、.xls 或 CSV 文件。", code="no_workbook"
    )


def locked():
    return UnreadableSheet(
        "文件加了密码，读不了。请在 Excel 或 WPS 里去掉密码，保存后重新上传。", code="locked"
    )


def _macros():
    return UnreadableSheet(
        "文件里有宏，不能上传。请另存为“Excel 工作簿（.xlsx）”后上传。", code="macros"
    )


def damaged():
    return UnreadableSheet(
        "文件打不开，可能没有传完整。请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。", code="damaged"
    )
