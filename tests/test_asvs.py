"""docs/asvs.md: each requirement of levels 1 and 2 once, and only tests that are there."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
# How many requirements of levels 1 and 2 each section of ASVS 5.0.0 has. Those of level 3 have the
# numbers after them.
SECTIONS = {
    1: (2, 9, 11, 3, 2),
    2: (3, 3, 4, 1),
    3: (0, 2, 4, 6, 5, 0, 2),
    4: (3, 1, 2, 4),
    5: (1, 3, 2, 3),
    6: (3, 12, 4, 4, 5, 3, 0, 4),
    7: (3, 4, 2, 5, 2, 2),
    8: (2, 3, 1, 1),
    9: (3, 4),
    10: (2, 2, 4, 11, 5, 2, 3),
    11: (2, 3, 3, 4, 1, 1),
    12: (3, 2, 4),
    13: (1, 5, 2, 5),
    14: (2, 4, 3),
    15: (3, 3, 7),
    16: (1, 5, 4, 3, 3),
    17: (1, 4, 2),
}
NUMBERS = [
    f"V{chapter}.{section}.{number}"
    for chapter, sizes in SECTIONS.items()
    for section, size in enumerate(sizes, start=1)
    for number in range(1, size + 1)
]
MET, PARTLY, NOT_MET, DOES_NOT_APPLY = "做到", "部分", "没有", "不适用"


@pytest.fixture(scope="module")
def text():
    return (ROOT / "docs/asvs.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def rows(text):
    """[number, level, requirement, how, tests, verdict] of each line of the tables."""
    lines = re.findall(r"^\| (V\d+\.\d+\.\d+ \|.*) \|$", text, re.M)
    return [[cell.strip() for cell in line.split("|")] for line in lines]


def test_each_requirement_of_levels_1_and_2_stands_there_once_in_its_order(rows):
    assert len(NUMBERS) == 253
    assert [row[0] for row in rows] == NUMBERS


def test_every_line_is_whole(rows):
    assert [row[0] for row in rows if len(row) != 6] == []
    assert {row[1] for row in rows} == {"1", "2"}
    assert [row[0] for row in rows if not (row[2] and row[3])] == []


def test_what_is_partly_met_says_what_is_missing(rows):
    verdicts = {row[0]: row[5].split("：") for row in rows}
    known = {MET, PARTLY, NOT_MET, DOES_NOT_APPLY}
    assert {verdict[0] for verdict in verdicts.values()} <= known
    assert [n for n, verdict in verdicts.items() if verdict[0] == PARTLY and len(verdict) < 2] == []


def test_the_sums_at_the_top_are_those_of_the_lines(text, rows):
    for verdict in (MET, PARTLY, NOT_MET, DOES_NOT_APPLY):
        count = sum(row[5].split("：")[0] == verdict for row in rows)
        assert f"{verdict} {count} 条" in text


def test_every_test_that_the_document_names_is_there(text):
    named = set(re.findall(r"`(tests/[\w/]+\.py)`", text))
    assert len(named) > 80
    assert [name for name in sorted(named) if not (ROOT / name).is_file()] == []


def test_the_rules_between_values_name_files_that_are_there():
    """docs/consistency.md, by which V2.1.2 is met."""
    told = (ROOT / "docs/consistency.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:apps|tests)/[\w/]+\.py)`", told))
    assert len(named) > 20
    assert [name for name in sorted(named) if not (ROOT / name).is_file()] == []
