"""Files as HR writes them, made for tests, and what is read from them."""

import io
from datetime import date

import pytest
from openpyxl import Workbook

from apps.roster import file as roster_file
from apps.roster import loading
from apps.roster.rows import ONLINE_COLUMNS
from apps.sheets.cells import UnreadableSheet
from tests.factories.people import make_id_number

NUMBER = make_id_number(birth_date=date(1979, 3, 3), sequence=31)
OTHER = make_id_number(birth_date=date(1979, 3, 4), sequence=32)
NEEDED = ("工号", "姓名", "社会保障号码")


def read(content):
    return roster_file.read(content, columns=ONLINE_COLUMNS, required=loading.REQUIRED)


def refusal(content):
    with pytest.raises(UnreadableSheet) as refused:
        read(content)
    return refused.value


def saved(*rows, formats=(), merged=(), title=None):
    """A workbook of `rows`; `formats` are number formats by cell, `merged` ranges."""
    book = Workbook()
    if title:
        book.active.title = title
    for row in rows:
        book.active.append(list(row))
    for place, number_format in formats:
        book.active[place].number_format = number_format
    for place in merged:
        book.active.merge_cells(place)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def text(*rows, separator=","):
    return "\n".join(separator.join(row) for row in rows).encode()
