import re

from apps.common.references import new_reference


def test_a_reference_has_sixteen_characters_that_cannot_be_mixed_up():
    assert all(re.fullmatch(r"[2-9A-HJKMNP-TV-Z]{16}", new_reference()) for _ in range(500))


def test_references_do_not_repeat():
    assert len({new_reference() for _ in range(5000)}) == 5000
