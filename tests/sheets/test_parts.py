"""A small workbook that would need gigabytes is refused before it is read."""

import io
import zipfile

import pytest

from apps.sheets import containers, parts
from apps.sheets.cells import UnreadableSheet
from tests.roster.test_xlsx import NUMBER, read, saved, workbook

SHEET, STYLES, TEXTS = "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/sharedStrings.xml"


@pytest.fixture(autouse=True)
def limits(monkeypatch):
    """As little as the workbooks of these tests need."""
    monkeypatch.setattr(parts, "MOST_ELEMENTS", 300)
    monkeypatch.setattr(parts, "MOST_GROUPS", 50)


def with_text(name, before, added):
    """A roster of one person, with `added` in the part `name` before the tag `before`."""
    whole = saved(workbook(("T1", "张超", NUMBER, "13900001234", "")))
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as book, zipfile.ZipFile(changed, "w") as target:
        for entry in book.namelist():
            part = book.read(entry)
            if entry == name:
                assert before in part
                part = part.replace(before, added + before, 1)
            target.writestr(entry, part)
    return changed.getvalue()


@pytest.mark.parametrize(
    ("name", "before", "added"),
    [
        (STYLES, b"</cellXfs>", b'<xf numFmtId="0"/>' * 300),
        (SHEET, b"</worksheet>", b'<mergeCells><mergeCell ref="A1:A9"/></mergeCells>' * 200),
        (SHEET, b"</sheetData>", b"<row>" + b"<c/>" * 300 + b"</row>"),
        (SHEET, b"</sheetData>", b"<row/>" * 50),
        (SHEET, b"<sheetData>", b"<a>" * 301 + b"</a>" * 301),
        (SHEET, b"<sheetData>", b"<a " + b'b="c" ' * 1500 + b"/>"),
        ("docProps/core.xml", b"</cp:coreProperties>", b"<x/>" * 300),
    ],
)
def test_too_many_elements_are_refused_with_a_way_out(name, before, added):
    with pytest.raises(UnreadableSheet) as refused:
        containers.kind(with_text(name, before, added))
    assert refused.value.code == "elements"
    assert "新建一个工作簿" in refused.value.message


def test_cells_and_merged_cells_below_that_are_read_over_the_edges_of_pieces(monkeypatch):
    monkeypatch.setattr("apps.sheets.parts._CHUNK", 1000)
    monkeypatch.setattr("apps.sheets.xlsx._CHUNK", 7)
    rows = b"".join(b"<row>" + b"<c/>" * 60 + b"</row>" for _ in range(30))
    assert "张超" in str(read(with_text(SHEET, b"</sheetData>", rows)))


@pytest.mark.parametrize(
    ("name", "before", "added"),
    [
        (SHEET, b"<sheetData>", b"<!DOCTYPE a>"),
        (SHEET, b"<sheetData>", b"\0"),
        ("xl/_rels/workbook.xml.rels", b"</Relationships>", b'<a Target="drawings/a.xml"/>'),
        (
            "[Content_Types].xml",
            b"</Types>",
            b'<Override PartName="/xl/worksheets/a.xml" ContentType="b.styles+xml"/>',
        ),
        (
            "[Content_Types].xml",
            b"</Types>",
            b'<Override PartName="/a/workbook.xml" ContentType="sheet.main+xml"/>',
        ),
        (
            "xl/_rels/workbook.xml.rels",
            b"</Relationships>",
            b'<Relationship Type="x/worksheet" Target="/xl/worksheets/a.dat"/>',
        ),
        (
            "xl/_rels/workbook.xml.rels",
            b"</Relationships>",
            b'<Relationship Type="x/worksheet" Target="&#100;rawings/a.xml"/>',
        ),
    ],
)
def test_what_no_program_writes_is_taken_for_damaged(name, before, added):
    with pytest.raises(UnreadableSheet) as refused:
        containers.kind(with_text(name, before, added))
    assert refused.value.code == "damaged"


def test_pictures_and_charts_are_not_counted():
    whole = io.BytesIO(saved(workbook(("T1", "张超", NUMBER, "13900001234", ""))))
    with zipfile.ZipFile(whole, "a") as book:
        book.writestr("xl/drawings/drawing1.xml", b"<x/>" * 1000)
    assert "张超" in str(read(whole.getvalue()))
