"""How a rule of the portal reads."""

from datetime import timedelta

import pytest
from django.template import engines

from apps.common.rules import duration, rule_text


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (timedelta(days=730), "2年"),
        (timedelta(days=365), "1年"),
        (timedelta(days=90), "90天"),
        (timedelta(days=1), "24小时"),
        (timedelta(hours=36), "36小时"),
        (timedelta(minutes=30), "30分钟"),
        (timedelta(minutes=1), "1分钟"),
        (timedelta(seconds=20), "20秒"),
        (timedelta(seconds=90), "90秒"),
        (timedelta(0), "0秒"),
    ],
)
def test_a_time_reads_in_its_largest_unit_without_a_rest(value, words):
    assert duration(value) == words
    assert duration(value, gap=" ").replace(" ", "") == words


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("UNPAID_LAPSE", timedelta(days=5), "5天"),
        ("GUARDIAN_UNTIL_AGE", 15, "15周岁"),
        ("REVIEW_WORKING_DAYS", 4, "4个工作日"),
        ("PICTURE_MAX_BYTES", 2_621_440, "2.5 MB"),
        ("PICTURE_MAX_PIXELS", 40_000_000, "4000 万像素"),
        ("PORTRAIT_SIZE", (358, 441), "358×441"),
        ("PASSWORD_MIN_LENGTH", 12, "12个字符"),
    ],
)
def test_a_changed_rule_reads_with_its_unit(settings, name, value, words):
    setattr(settings, name, value)
    assert rule_text(name) == words
    assert engines["django"].from_string(f'{{% rule "{name}" %}}').render() == words


def test_a_gap_stands_before_a_chinese_unit(settings):
    settings.REVIEW_WORKING_DAYS = 4
    assert rule_text("REVIEW_WORKING_DAYS", gap=" ") == "4 个工作日"


def test_what_has_no_unit_is_not_said():
    with pytest.raises(LookupError):
        rule_text("FACES_ENABLED")
    with pytest.raises(AttributeError):
        rule_text("NO_SUCH_RULE")
