"""Builds .xls files record by record, as no program of spreadsheets would write them."""

from struct import pack

_SECTOR = 512
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_GLOBALS, _SHEET = 5, 0x10


def _record(number, data=b""):
    return pack("<HH", number, len(data)) + data


def _begin(what):
    return _record(0x809, pack("<HHHHII", 0x600, what, 0, 0, 0, 0))


_EOF = _record(0x0A)
_STYLE = _record(0xE0, bytes(20))  # the only one of the file


def number_cell(row, column, *, style=0):
    """The record of a cell with the number 1; `row` and `column` are counted from 0."""
    return _record(0x203, pack("<HHHd", row, column, style, 1.0))


def old_workbook(*sheets, is_shared=False):
    """The bytes of an .xls file. Each of `sheets` is the records of its cells.

    `is_shared`: all of them name the content of the first.
    """
    names = [b"s%d" % number for number in range(len(sheets))]
    place = len(_begin(_GLOBALS) + _STYLE) + sum(12 + len(name) for name in names) + len(_EOF)
    bodies = [_begin(_SHEET) + cells + _EOF for cells in sheets]
    index = b""
    for name, body in zip(names, bodies, strict=True):
        index += _record(0x85, pack("<IBBBB", place, 0, 0, len(name), 0) + name)
        place += 0 if is_shared else len(body)
    return _in_a_container(_begin(_GLOBALS) + _STYLE + index + _EOF + b"".join(bodies))


def _in_a_container(stream):
    """`stream` in the container of Office (OLE 2), after a sector with the list of its streams."""
    stream = stream.ljust(4096, b"\0")
    count = -(-len(stream) // _SECTOR)
    table_size = 1
    while (1 + count + table_size) * 4 > table_size * _SECTOR:
        table_size += 1
    chain = [_END, *range(2, count + 1), _END, *[_FAT] * table_size]
    chain += [_FREE] * (table_size * _SECTOR // 4 - len(chain))
    table_places = range(count + 1, count + 1 + table_size)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(24, b"\0")
    header += pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += pack("<9I", 0, table_size, 0, 0, 4096, _END, 0, _END, 0)
    header += pack(f"<{table_size}I", *table_places).ljust(109 * 4, b"\xff")
    streams = _entry("Root Entry", 5, 1, _END, 0) + _entry("Workbook", 2, _FREE, 1, len(stream))
    return b"".join(
        [
            header,
            streams.ljust(_SECTOR, b"\0"),
            stream.ljust(count * _SECTOR, b"\0"),
            pack(f"<{len(chain)}I", *chain),
        ]
    )


def _entry(name, kind, child, start, size):
    text = f"{name}\0".encode("utf-16-le")
    tail = pack("<HBBIII36xIQ", len(text), kind, 1, _FREE, _FREE, child, start, size)
    return text.ljust(64, b"\0") + tail
