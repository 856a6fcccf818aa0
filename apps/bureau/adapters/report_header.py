"""The first line of a report file: whether it is the agreed one, and else what the file is."""

import csv

from apps.sheets import containers

_MARK = b"\xef\xbb\xbf"
_WHOLE = "整个文件没有读取"
_AS_CSV = "请制卡中心导出成 CSV（UTF-8，半角逗号分隔）重新交付。"
# How files begin that only have the name of a CSV.
_OTHERS = (
    (containers.ZIP, "Excel 工作簿（.xlsx）或压缩包"),
    (containers.OLE, "旧版 Excel 工作簿（.xls）"),
    *containers.OTHER_FILES,
)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SEPARATORS = {";": "分号", "\t": "制表符", "|": "竖线", "，": "全角逗号", "；": "全角分号"}


def below(data, columns):
    """(the bytes below the agreed first line, "") of the file `data`, else (b"", why not)."""
    head, _, rest = data.removeprefix(_MARK).partition(b"\n")
    if _fields(head) == list(columns):
        return rest, ""
    return b"", _why_not(data, head, columns)


def _fields(head):
    """The columns that the line `head` names; [] for what cannot be read."""
    try:
        found = list(csv.reader([head.rstrip(b"\r").decode()], strict=True))
    except (UnicodeDecodeError, csv.Error):
        return []
    return [name.strip() for name in found[0]] if found else []


def _why_not(data, head, columns):
    if not data.removeprefix(_MARK).strip():
        return f"文件是空的，没有表头，也没有结果，{_WHOLE}。请制卡中心核对后重新交付。"
    for start, what in _OTHERS:
        if data.startswith(start):
            space = " " if what[0].isascii() else ""
            return f"文件的内容是{space}{what}，只是取了 .csv 的文件名，{_WHOLE}。{_AS_CSV}"
    if data.startswith(_UTF16) or b"\0" in head:
        return f"文件不是 UTF-8 编码（可能是 UTF-16），{_WHOLE}。{_AS_CSV}"
    return f"第一行不是约定的表头，{_WHOLE}。{_in_what(head, columns)}请对照交换格式说明。"


def _in_what(head, columns):
    """In what the first line differs, as far as that can be said."""
    names = _fields(head)
    if not set(names) & set(columns):
        text = head.decode("utf-8", "replace")
        split = [word for sign, word in _SEPARATORS.items() if columns[0] + sign in text]
        return f"栏之间是{split[0]}，应为半角逗号。" if split else ""
    missing = [name for name in columns if name not in names]
    if missing:
        return f"缺少：{'、'.join(missing)}。"
    if len(names) > len(columns):
        return f"有 {len(names)} 栏，应为 {len(columns)} 栏。"
    return f"栏的顺序应为：{'、'.join(columns)}。"
