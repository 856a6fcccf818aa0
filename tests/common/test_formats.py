from datetime import UTC, date, datetime

import pytest
from django.template import engines

from apps.common.money import yuan


def render(source, value):
    return engines["django"].from_string(source).render({"value": value})


@pytest.mark.parametrize(
    ("fen", "shown"), [(0, "0.00"), (5, "0.05"), (1200, "12.00"), (123456, "1234.56")]
)
def test_fen_are_shown_as_yuan(fen, shown):
    assert yuan(fen) == shown
    assert render("{{ value|yuan }}", fen) == shown


def test_a_refund_keeps_its_sign():
    assert yuan(-1205) == "-12.05"


def test_a_moment_is_shown_in_beijing_time_to_the_second():
    moment = datetime(2026, 11, 20, 3, 6, 26, tzinfo=UTC)
    assert render("{{ value|moment }}", moment) == "2026-11-20 11:06:26"


def test_a_day_has_its_weekday():
    assert render("{{ value|day }}", date(2026, 12, 3)) == "12月3日（周四）"


def test_the_day_of_a_moment_is_the_day_in_beijing():
    assert render("{{ value|day }}", datetime(2026, 12, 2, 17, 0, tzinfo=UTC)) == "12月3日（周四）"


@pytest.mark.parametrize(
    "name",
    ["moment", "day", "yuan", "mask_name", "mask_id", "mask_phone", "mask_card", "mask_address"],
)
def test_a_missing_value_shows_nothing(name):
    assert render(f"{{{{ value|{name} }}}}", None) == ""


def test_masks_are_filters():
    assert render("{{ value|mask_name }}", "张超") == "*超"
    assert render("{{ value|mask_phone }}", "13812341234") == "138****1234"
