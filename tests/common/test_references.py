import re

import pytest

from apps.common.references import key_in_data, new_reference


def test_a_reference_has_sixteen_characters_that_cannot_be_mixed_up():
    assert all(re.fullmatch(r"[2-9A-HJKMNP-TV-Z]{16}", new_reference()) for _ in range(500))


def test_references_do_not_repeat():
    assert len({new_reference() for _ in range(5000)}) == 5000


@pytest.mark.parametrize("typed", ["", "-1", "1.5", "²", "٣", "１", "9" * 19, "9" * 5000, "1 OR 1"])
def test_what_can_be_no_key_of_a_row_is_none(typed):
    assert key_in_data({"row": typed}, "row") is None


def test_a_key_of_a_row_is_a_number():
    assert key_in_data({"row": "9" * 18}, "row") == int("9" * 18)
    assert key_in_data({}, "row") is None
