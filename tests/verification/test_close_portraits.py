"""Whether a portrait that passed lies close to a limit of the standard."""

import pytest

from apps.verification.portrait_rules import Finding, is_close

MIDDLE = {"left_x": 150, "left_y": 200, "right_x": 208, "right_y": 200}  # the middle: 179, 241 up


def finding(rule, **measured):
    return Finding(rule, True, "合适", measured)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (finding("face_width", width=207), False),
        (finding("face_width", width=181), True),
        (finding("face_width", width=253.5), True),
        (finding("eyes", **MIDDLE), False),
        (finding("eyes", **MIDDLE | {"left_x": 180}), True),
        (finding("eyes", **MIDDLE | {"left_y": 233, "right_y": 232}), True),
        (finding("hair", y=14), False),
        (finding("hair", y=6), True),
        (finding("hair", y=22.5), True),
        (Finding("hair", None, "请审核老师核对"), True),
        (Finding("one_face", None, "未检查"), False),
        (finding("size"), False),
    ],
)
def test_a_measure_beside_its_limit_is_close(found, expected):
    assert is_close([finding("size"), found]) is expected
