"""One rule for what could be a formula, in every file that people open in a spreadsheet."""

from pathlib import Path

import pytest

from apps.sheets.cells import from_text
from apps.sheets.formulas import as_words

HALF_WIDTH = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n-1"]
FULL_WIDTH = ["＝1", "＋1", "－1", "＠1"]


@pytest.mark.parametrize("text", [*HALF_WIDTH, *FULL_WIDTH])
def test_what_may_be_a_formula_becomes_words_and_is_read_back(text):
    protected = as_words(text)

    assert protected == f"'{text}"
    assert from_text(protected).text == text.strip()


@pytest.mark.parametrize("text", ["", "张超", "1-1", "a=b", "'=1", "3701"])
def test_other_text_stays_as_it_is(text):
    assert as_words(text) == text


def test_no_other_room_has_a_rule_of_its_own():
    # The bureau's files are for a program, and the template holds constants only.
    writers = {
        path.as_posix()
        for path in Path("apps").rglob("*.py")
        if "csv.writer" in (source := path.read_text()) and "as_words" not in source
    }

    assert writers == {
        "apps/bureau/adapters/order_file.py",
        "apps/bureau/adapters/report_file.py",
        "apps/roster/template.py",
    }
