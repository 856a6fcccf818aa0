"""A workbook is a zip of XML: what its XML names outside of itself, or blows up, is never read."""

import io
import zipfile

import pytest

from apps.sheets.cells import UnreadableSheet
from tests.roster.test_xlsx import NUMBER, read, saved, workbook

SHEET = "xl/worksheets/sheet1.xml"
SECRET = "what stands on the disk of the server"


def with_doctype(doctype, name):
    """A roster of one person called `name`, whose sheet begins with `doctype`."""
    book = zipfile.ZipFile(io.BytesIO(saved(workbook(("T1", "NAME", NUMBER, "13900001234", "")))))
    changed = io.BytesIO()
    with zipfile.ZipFile(changed, "w") as target:
        for entry in book.namelist():
            part = book.read(entry)
            if entry == SHEET:
                head, tag, rest = part.decode().partition("<worksheet")
                assert "<t>NAME</t>" in rest
                part = f"{head}{doctype}{tag}{rest.replace('NAME', name)}".encode()
            target.writestr(entry, part)
    return changed.getvalue()


def what_is_read(content):
    """The `Sheet` in words, or the sentence of the refusal."""
    try:
        return str(read(content))
    except UnreadableSheet as refusal:
        return refusal.message


def test_the_sheet_itself_is_read():
    assert "张超" in what_is_read(with_doctype("", "张超"))


def test_a_file_of_the_server_is_not_read(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    doctype = f'<!DOCTYPE worksheet [<!ENTITY it SYSTEM "{secret.as_uri()}">]>'
    assert SECRET not in what_is_read(with_doctype(doctype, "&it;"))


def test_entities_that_multiply_are_refused():
    more = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 20}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE worksheet [<!ENTITY e0 "ha">{more}]>'
    with pytest.raises(UnreadableSheet):
        read(with_doctype(doctype, "&e9;"))
