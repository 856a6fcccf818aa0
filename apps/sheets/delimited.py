"""Reads rows of text that are split at separators, in the usual encodings."""

import csv
import io
import re
import unicodedata
from functools import partial

from apps.sheets import cells
from apps.sheets.cells import Table, UnreadableSheet
from apps.sheets.containers import SAVE_AS

_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_UTF32_MARKS = (b"\xff\xfe\0\0", b"\0\0\xfe\xff")  # the first begins as one of UTF-16
_SEPARATORS = ",\t;，；|"
_LOOKED_AT = 20  # lines that are read to find the separator
# Excel's own first line that names the separator.
_NAMED_SEPARATOR = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
# A row of more cells is no row: spreadsheets have 16,384 columns, and people a few dozen.
_MOST_CELLS = 1000
# A UTF-8 file has at most this many broken characters; text in another encoding has more.
_BROKEN_SHARE = 20
# Signs that no text has, but for the mark by which DOS ends a file; pictures are full of them.
_NO_TEXT = re.compile("[\x01-\x08\x0e-\x19\x1b-\x1f]")
_NO_TEXT_SHARE = 50
_LOOKED_AT_CHARACTERS = 4000
# A text in Big5 that is read as GB 18030 has more characters for private use than this share.
_PRIVATE_SHARE = 20


def tables(content):
    """The one `Table` in `content`. Raises `UnreadableSheet` for what is no text."""
    text = _decode(content)
    start = text[:_LOOKED_AT_CHARACTERS].replace("\0", "")
    if len(_NO_TEXT.findall(start)) * _NO_TEXT_SHARE > len(start):
        raise UnreadableSheet(f"这个文件不是表格，或者格式读不了。{SAVE_AS}", code="other_file")
    return [Table("", partial(_lines, text), is_delimited=True)]


def _decode(content):
    if content.startswith(_UTF32_MARKS):
        encodings = ["utf-32"]
    elif content.startswith(_UTF16_MARKS):
        encodings = ["utf-16"]
    elif content.startswith(_UTF8_MARK):
        encodings = ["utf-8-sig"]
    elif unmarked := _utf16_without_mark(content):
        encodings = [unmarked]
    else:
        encodings = ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError as error:
            if encoding.startswith("utf-8"):
                _check_not_cut(content, error)
            continue
        if encoding != "gb18030" or not _is_of_another_encoding(text):
            return text
    raise UnreadableSheet(
        "文件的编码认不出来。请在电子表格中另存为“CSV UTF-8”格式后重试。", code="encoding"
    )


def _utf16_without_mark(content):
    """The byte order of UTF-16 without a mark, found by the zero bytes of commas and digits."""
    start = content[:2000]
    low, high = start[::2].count(0), start[1::2].count(0)
    if len(start) % 2 or max(low, high) * 10 < len(start) or min(low, high):
        return None
    return "utf-16-le" if high else "utf-16-be"


def _check_not_cut(content, error):
    """Raise for a UTF-8 file with a broken character, which would else be read as GBK."""
    text = content.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if broken * _BROKEN_SHARE < sum(character > "\u2e7f" for character in text):
        line = content[: error.start].count(b"\n") + 1
        raise UnreadableSheet(
            f"文件第 {line} 行有读不出来的字，可能没有传完整。请重新导出后上传。", code="encoding"
        ) from None


def _is_of_another_encoding(text):
    """Whether `text`, decoded as GB 18030, is in truth Big5 or the like."""
    others = [character for character in text[:100_000] if not character.isascii()]
    private = sum(unicodedata.category(character) == "Co" for character in others)
    return private * _PRIVATE_SHARE > len(others)


def _lines(text):
    named = _NAMED_SEPARATOR.match(text)
    if named:
        # The empty line is kept, so that lines are counted as in an editor.
        text = text[: named.start()] + "\n" + text[named.end() :]
    delimiter = named[1] if named else _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise (_too_long(line) if "limit" in str(error) else _broken_quotes(line)) from None
        if row is None:
            return
        if len(row) > _MOST_CELLS:
            raise UnreadableSheet(
                f"第 {line} 行有 {len(row)} 格，不像表格。请核对文件。", code="csv"
            )
        if any(_swallows_rows(cell, delimiter) for cell in row):
            raise _broken_quotes(line)
        read = [cells.from_text(each) for each in row]
        if any(cell.text for cell in read):
            yield line, read


def _swallows_rows(cell, delimiter):
    """Whether a quote that was never closed made one cell of several rows."""
    below = cell.splitlines()[1:]
    return any(line.count(delimiter) >= 2 for line in below)


def _too_long(line):
    return UnreadableSheet(
        f"第 {line} 行有一格的文字太长，读不下去。请缩短这一格，或核对引号有没有成对。",
        code="long_cell",
    )


def _broken_quotes(line):
    return UnreadableSheet(
        f"从第 {line} 行起读不下去，可能不是 CSV 文件，或者引号没有成对。", code="csv"
    )


def _separator(text):
    lines = [line for line in text[:100_000].splitlines() if line.strip()][:_LOOKED_AT]

    def likelihood(separator):
        counts = [line.count(separator) for line in lines]
        return sum(count >= 2 for count in counts), sum(counts)

    return max(_SEPARATORS, key=likelihood)
