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
# Of all sheets together, which decides how long reading takes: 20,000 people in 60 columns have
# three millions.
MOST_IN_ALL = 5_000_000
# The same while somebody waits for the answer: two seconds.
MOST_AT_ONCE = 400_000
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
_TYPES = {
    b".styles+xml": b"/styles.xml",
    b"sharedstrings+xml": b"/sharedstrings.xml",
    b".main+xml": b"/xl/workbook.xml",
}
_OVERRIDE = re.compile(rb"<(?:\w+:)?override\b[^>]*>")
_RELATION = re.compile(rb"<(?:\w+:)?relationship\b[^>]*>")
_TARGET = re.compile(rb"\btarget=[\"'][^\"'>]*\.xml[\"']")
_PART_NAME = re.compile(rb"partname=[\"']([^\"']*)[\"']")


def check(archive, *, most):
    """Raise `UnreadableSheet` for a workbook that would need too much; ValueError for no XML.

    `archive` is the open zip file, which has at most `most` elements.
    """
    in_all = 0
    for part in archive.infolist():
        name = part.filename.lower()
        if name.startswith(_UNREAD) or not name.endswith((".xml", ".rels")):
            continue
        with archive.open(part) as stream:
            in_all += _check_part(stream, _end_of_group(name), most=most - in_all)
        if name == "[content_types].xml":
            _check_types(_read(archive, part))
        elif name == "xl/_rels/workbook.xml.rels":
            _check_targets(_read(archive, part))


def _read(archive, part):
    """The markup of `part` in small letters, where nothing is written as a number of itself."""
    markup = archive.read(part).lower()
    if b"&#" in markup:
        raise ValueError("a hidden name")
    return markup


def _end_of_group(name):
    """What ends a group of elements of the part `name`; None where there are no groups."""
    if name.startswith("xl/worksheets/"):
        return _ROWS
    return _TEXTS if name.endswith("sharedstrings.xml") else None


def _check_part(stream, end, *, most):
    """How many elements the part has, `most` at the most."""
    groups = waiting = in_all = 0
    rest = b""
    while chunk := stream.read(_CHUNK):
        # A tag that is not whole yet waits for the next piece.
        whole, sign, rest = (rest + chunk).rpartition(b"<")
        rest = sign + rest
        if b"\0" in whole or _FOREIGN.search(whole):
            raise ValueError("no XML of a workbook")
        found = list(map(_elements, end.split(whole) if end else [whole]))
        in_all += sum(found)
        waiting += found[0]
        largest = max([waiting, *found[1:]])
        if found[1:]:
            waiting = found[-1]
        groups += len(found) - 1
        is_long = len(rest) > _CHUNK  # a cell holds 32,767 characters at most
        is_much = largest > MOST_ELEMENTS or groups > MOST_GROUPS or in_all > most
        if is_long or is_much:
            raise UnreadableSheet(
                "文件里的格式、合并单元格或不同的内容太多。请新建一个工作簿，"
                "把名册复制过去（选择性粘贴为“数值”），保存后上传。",
                code="elements",
            )
    return in_all


def _elements(markup):
    """How many elements there are; the attributes, of which most have several, count as a fifth."""
    return markup.count(b"<") - markup.count(b"</") + markup.count(b"=") // 5


def _check_types(markup):
    for override in _OVERRIDE.findall(markup):
        found = _PART_NAME.search(override)
        place = found[1] if found else b""
        for type_, name in _TYPES.items():
            if type_ in override and not place.endswith(name):
                raise ValueError("a part in an unusual place")


def _check_targets(markup):
    """A sheet lies in a part that was looked at, and in none of those that were not."""
    for relation in _RELATION.findall(markup):
        if b"sheet" in relation and not _TARGET.search(relation):
            raise ValueError("a sheet in an unusual place")
    if any(place.removeprefix("xl/").encode() in markup for place in _UNREAD):
        raise ValueError("a part that is never read")
