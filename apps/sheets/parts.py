"""How much memory the parts of a workbook take once they are read, before they are.

The library keeps every element of XML until the end of the row (or of the shared text) in which it
stands, and everything else of a part until the end of the part: hundreds of bytes for one of ten.
A file of 200 KB could take three gigabytes. So the elements are counted first.
"""

import re

from apps.sheets.cells import UnreadableSheet

# Elements that are kept together: a row has 16,384 cells at most, a workbook as many styles as
# people have made. Rows, as many as a sheet can have, and shared texts.
MOST_ELEMENTS = 100_000
MOST_GROUPS = 1_048_576
_CHUNK = 1024 * 1024
# Where pictures, charts and what they show lie. It is never read, and no workbook names it itself.
_UNREAD = (
    "xl/drawings/",
    "xl/media/",
    "xl/charts/",
    "xl/embeddings/",
    "xl/pivotcache/pivotcacherecords",
)
_ROWS = re.compile(rb"</(?:\w+:)?row\s*>|<(?:\w+:)?row\b[^>]*/>")
_TEXTS = re.compile(rb"</(?:\w+:)?si\s*>")
_FOREIGN = re.compile(rb"<!(?:doctype|entity)|encoding=[\"'](?!utf-?8|us-ascii|iso-8859-1)", re.I)
# The parts that the library finds by their type, and where each of them lies.
_TYPES = {b".styles+xml": b"styles.xml", b"sharedstrings+xml": b"sharedstrings.xml"}
_OVERRIDE = re.compile(rb"<(?:\w+:)?override\b[^>]*>")
_PART_NAME = re.compile(rb"partname=[\"']([^\"']*)[\"']")


def check(archive):
    """Raise `UnreadableSheet` for a workbook that would need too much; ValueError for no XML.

    `archive` is the open zip file.
    """
    for part in archive.infolist():
        name = part.filename.lower()
        if name.startswith(_UNREAD) or not name.endswith((".xml", ".rels")):
            continue
        with archive.open(part) as stream:
            _check_part(stream, _end_of_group(name))
        if name == "[content_types].xml":
            _check_types(archive.read(part).lower())
        elif name == "xl/_rels/workbook.xml.rels":
            targets = archive.read(part).lower()
            if any(place.removeprefix("xl/").encode() in targets for place in _UNREAD):
                raise ValueError(name)


def _end_of_group(name):
    """What ends a group of elements of the part `name`; None where there are no groups."""
    if name.startswith("xl/worksheets/"):
        return _ROWS
    return _TEXTS if name.endswith("sharedstrings.xml") else None


def _check_part(stream, end):
    groups = waiting = 0
    rest = b""
    while chunk := stream.read(_CHUNK):
        # A tag that is not whole yet waits for the next piece.
        whole, sign, rest = (rest + chunk).rpartition(b"<")
        rest = sign + rest
        if b"\0" in whole or _FOREIGN.search(whole):
            raise ValueError("no XML of a workbook")
        first, *others = end.split(whole) if end else [whole]
        waiting += _elements(first)
        largest = max([waiting, *map(_elements, others)])
        if others:
            waiting = _elements(others[-1])
        groups += len(others)
        is_long = len(rest) > _CHUNK  # a cell holds 32,767 characters at most
        if is_long or largest > MOST_ELEMENTS or groups > MOST_GROUPS:
            raise UnreadableSheet(
                "文件里的格式、合并单元格或不同的内容太多。请新建一个工作簿，"
                "把名册复制过去（选择性粘贴为“数值”），保存后上传。",
                code="elements",
            )


def _elements(markup):
    """How many elements there are; the attributes, of which most have several, count as a fifth."""
    return markup.count(b"<") - markup.count(b"</") + markup.count(b"=") // 5


def _check_types(markup):
    for override in _OVERRIDE.findall(markup):
        found = _PART_NAME.search(override)
        place = found[1] if found else b""
        for type_, name in _TYPES.items():
            if type_ in override and not place.endswith(b"/" + name):
                raise ValueError("a part in an unusual place")
