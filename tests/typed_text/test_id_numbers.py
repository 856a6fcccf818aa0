import random
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from apps.typed_text import id_numbers
from tests.factories.people import make_id_number

TODAY = date(2026, 11, 23)
GOOD = make_id_number(birth_date=date(1985, 6, 15), sequence=7)


def with_check_character(first17):
    return first17 + id_numbers.check_character(first17)


def code_of(text):
    with pytest.raises(ValidationError) as refused:
        id_numbers.check(text, day=TODAY)
    assert refused.value.message.endswith("。")
    return refused.value.code


def test_a_number_of_the_standard_passes():
    # By the definition of ISO 7064 MOD 11-2, not by the table of weights: the whole sum is 1.
    value = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(GOOD[:17]))
    assert (value + "0123456789X".index(GOOD[17])) % 11 == 1
    id_numbers.check(GOOD, day=TODAY)


@pytest.mark.parametrize(
    "typed",
    [
        "　37 9999-1990 0101 001x ",
        "\u202a３７９９９９１９９００１０１００１ｘ\u202c",
        "379999–19900101—001X",
        "\ufeff37999919900101001X\u200b",
        "'37999919900101001X",
    ],
)
def test_what_people_type_and_paste_is_brought_into_one_form(typed):
    assert id_numbers.normalise(typed) == "37999919900101001X"


@pytest.mark.parametrize("area", ["371202", "440106", "110224", "810000", "820000", "830000"])
def test_an_area_that_is_on_no_map_of_today_is_no_reason_to_refuse(area):
    id_numbers.check(with_check_character(f"{area}19900101001"), day=TODAY)


def test_the_permit_of_a_permanent_resident_starts_with_nine():
    id_numbers.check(with_check_character("91124219900101001"), day=TODAY)


@pytest.mark.parametrize("area", ["001234", "161234", "381234", "771234", "841234"])
def test_an_area_in_no_province_is_refused(area):
    assert code_of(with_check_character(f"{area}19900101001")) == "area"


@pytest.mark.parametrize(
    ("birth", "code"),
    [
        ("19850230", "birth_date"),
        ("20230229", "birth_date"),
        ("19851301", "birth_date"),
        ("00000000", "birth_date"),
        ("20261124", "future"),
        ("18951122", "too_old"),
    ],
)
def test_the_birth_date_has_to_be_one(birth, code):
    assert code_of(with_check_character(f"379999{birth}001")) == code


@pytest.mark.parametrize("birth", ["20261123", "20240229", "18961124"])
def test_a_birth_date_of_today_a_leap_day_and_of_the_very_old_pass(birth):
    id_numbers.check(with_check_character(f"379999{birth}001"), day=TODAY)


@pytest.mark.parametrize("around", ["身份证：{}", "{}（本人）", "No.{}"])
def test_what_stands_beside_a_number_is_named(around):
    with pytest.raises(ValidationError) as refused:
        id_numbers.check(id_numbers.normalise(around.format(GOOD)), day=TODAY)
    assert "请只填 18 位号码" in refused.value.message


def test_a_number_of_fifteen_digits_is_refused_with_a_hint():
    assert code_of("379999850615001") == "old_number"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "length"),
        (GOOD[:17], "length"),
        (GOOD + "1", "length"),
        ("X" * 18, "characters"),
        (GOOD[:16] + "X" + GOOD[17], "characters"),
    ],
)
def test_length_and_characters_are_judged(text, code):
    assert code_of(text) == code


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("O" + GOOD[1:], ["第 1 位是「O」", "改成 0"]),
        (GOOD[:8] + "L" + GOOD[9:], ["第 9 位是「L」", "改成 1"]),
        (GOOD[:17] + "Y", ["第 18 位是「Y」", "对照身份证"]),
    ],
)
def test_a_wrong_character_is_named(text, words):
    with pytest.raises(ValidationError) as refused:
        id_numbers.check(text, day=TODAY)
    assert all(word in refused.value.message for word in words)


def test_every_single_mistyped_digit_is_found():
    for place in range(17):
        for digit in "0123456789":
            if digit != GOOD[place]:
                code_of(GOOD[:place] + digit + GOOD[place + 1 :])


def test_every_swap_of_neighbours_is_found():
    for place in range(16):
        swapped = list(GOOD)
        swapped[place], swapped[place + 1] = swapped[place + 1], swapped[place]
        if "".join(swapped) != GOOD:
            code_of("".join(swapped))


def test_no_string_raises_anything_but_a_validation_error():
    chance = random.Random(20261123)  # noqa: S311
    alphabet = "0123456789xX-\u0660\u00b2\u2460一①〇\ud800\U0001d7d8\x00\n ßﬀ९"
    for _ in range(20_000):
        text = "".join(chance.choices(alphabet, k=chance.choice([0, 1, 15, 17, 18, 19, 40])))
        for candidate in (text, id_numbers.normalise(text)):
            try:
                id_numbers.check(candidate, day=TODAY)
            except ValidationError:
                continue
            assert len(candidate) == 18
            assert candidate.isascii()


def test_birth_date_and_sex_are_read_from_the_number():
    number = make_id_number(birth_date=date(1999, 12, 31), sex="2")
    assert id_numbers.birth_date(number) == date(1999, 12, 31)
    assert id_numbers.sex(number) == "2"
    assert id_numbers.sex(make_id_number(sex="1")) == "1"


@pytest.mark.parametrize(
    ("day", "age"),
    [(date(2027, 2, 28), 14), (date(2027, 3, 1), 15), (date(2028, 2, 28), 15)]
    + [(date(2028, 2, 29), 16)],
)
def test_who_is_born_on_a_leap_day_has_the_birthday_on_the_first_of_march(day, age):
    assert id_numbers.age(date(2012, 2, 29), day=day) == age
