"""Type of document, prefix and nationality in a roster: the preview says what was told by what."""

from datetime import date

import pytest

from apps.typed_text.id_numbers import check_character
from tests.factories.rosters import upload

pytestmark = pytest.mark.django_db
HEADINGS = "工号,姓名,证件类型,社会保障号码,国籍"
PERMITS = {"810000": "HKG", "820000": "MAC", "830000": "TWN"}


def number(prefix, born=date(1990, 1, 1)):
    first17 = f"{prefix}{born:%Y%m%d}002"
    return first17 + check_character(first17)


def row(hr, prefix, *, id_type="", nationality=""):
    line = f"F1,JEAN EXAMPLE,{id_type},{number(prefix)},{nationality}"
    return upload(hr, line, headings=HEADINGS)


@pytest.mark.parametrize("prefix", PERMITS)
def test_a_roster_without_types_learns_them_from_the_number_and_shows_them(hr, prefix):
    shown = row(hr, prefix).rows.get().changes
    assert ["证件类型", "", "港澳台居民居住证"] in shown
    assert ["国籍", "", PERMITS[prefix]] in shown


def test_of_a_citizen_nothing_of_it_is_shown(hr):
    shown = row(hr, "370303").rows.get().changes
    assert {"证件类型", "国籍"}.isdisjoint(heading for heading, _, _ in shown)


@pytest.mark.parametrize(
    ("prefix", "id_type", "nationality", "column", "words"),
    [
        ("911250", "", "", "国籍", "请填写国籍"),
        ("911250", "", "CHN", "国籍", "发给外国人"),
        ("911250", "居民身份证", "FRA", "证件类型", "外国人永久居留证"),
        ("911250", "护照", "FRA", "证件类型", "外国人永久居留证"),
        ("810000", "居民身份证", "", "证件类型", "港澳台居民居住证"),
        ("810000", "港澳台居民居住证", "TWN", "国籍", "HKG（中国香港）"),
        ("830000", "外国人永久居留证", "", "证件类型", "港澳台居民居住证"),
        ("370303", "港澳台居民居住证", "HKG", "证件类型", "居民身份证"),
        ("370303", "外国人永久居留证", "FRA", "证件类型", "居民身份证"),
        ("370303", "护照", "USA", "证件类型", "居民身份证"),
        ("370303", "居民身份证", "FRA", "国籍", "CHN（中国）"),
    ],
)
def test_columns_that_contradict_the_number_are_asked_about(
    hr, prefix, id_type, nationality, column, words
):
    problems = row(hr, prefix, id_type=id_type, nationality=nationality).rows.get().problems
    assert [problem[0] for problem in problems] == [column]
    assert words in problems[0][1]


@pytest.mark.parametrize(
    ("prefix", "id_type", "nationality"),
    [
        ("911250", "", "FRA"),
        ("911372", "外国人永久居留证", "IRL"),
        ("810000", "M", "CHN"),
        ("820000", "港澳台居民居住证", "MAC"),
        ("370303", "A", "CHN"),
        ("370303", "身份证", "中国"),
        ("911250", "外国人永久居留身份证", "ｆｒａ"),
        ("810000", "居住证", "中国香港"),
        ("830000", "Ｍ", ""),
    ],
)
def test_columns_that_agree_are_taken(hr, prefix, id_type, nationality):
    assert row(hr, prefix, id_type=id_type, nationality=nationality).rows.get().kind == "CREATED"
