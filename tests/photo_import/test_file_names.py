"""A name beside the number is compared with the roster, and masked where the file is named."""

import pytest

from apps.photo_import import file_names
from apps.photo_import.archive_file import ArchiveEntry
from apps.photo_import.enums import PictureFinding
from apps.photo_import.matching import rows_of
from tests.factories.people import make_holder, make_user


def row_of(stem):
    (row,) = rows_of([ArchiveEntry(place=0, stem=stem, suffix=".jpg")])
    return row


@pytest.fixture
def person(db):
    return make_holder(name="欧阳小超", user=make_user(employee_number="D1001"))


@pytest.mark.parametrize(
    "stem",
    [
        "D1001欧阳小超",
        "欧阳小超_d1001",
        "D1001 欧阳 小超",
        "Ｄ１００１-欧阳小超",
        "（D1001）欧阳小超",
    ],
)
def test_a_number_with_the_person_s_own_name_is_matched(person, stem):
    row = row_of(stem)
    assert (row.holder, row.finding) == (person, "")
    assert "D1001" in row.file.upper()
    assert "欧阳" not in row.file


def test_an_id_number_with_the_name_is_matched_and_masked(person):
    row = row_of(f"欧阳小超{person.id_number}")
    assert row.holder == person
    assert person.id_number not in row.file
    assert "欧阳" not in row.file


def test_another_name_beside_the_number_refuses_the_picture(person):
    row = row_of("D1001张超")
    assert (row.holder, row.finding) == (None, PictureFinding.UNMATCHED)
    assert "姓名不同" in row.reason
    assert row.file == "D1001*超.jpg"


@pytest.mark.parametrize("stem", ["欧阳小超", "D1001(1)", "D1001欧阳小超2", "IMG_0001"])
def test_what_names_nobody_surely_is_not_matched(person, stem):
    row = row_of(stem)
    assert (row.holder, row.finding) == (None, PictureFinding.UNMATCHED)


def test_a_number_that_has_letters_and_dashes_is_no_number_beside_a_name(db):
    dashed = make_holder(user=make_user(employee_number="A-01"))
    make_holder(user=make_user(employee_number="01"))
    assert row_of("a-01").holder == dashed


@pytest.mark.parametrize(
    ("stem", "shown"),
    [
        ("D1001", "D1001"),
        ("D1001(1)", "D1001(1)"),
        ("郑凯", "*凯"),
        ("D1001 John", "D1001 ***n"),
        ("JOHN", "***N"),
    ],
)
def test_a_file_is_named_so_that_it_can_be_found(stem, shown):
    assert file_names.masked(stem) == shown
