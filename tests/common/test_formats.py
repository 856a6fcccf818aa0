import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.template import engines

from apps.common import working_days
from apps.common.moments import end_of
from apps.common.money import yuan
from apps.common.templatetags import formats
from tests.dates import in_words
from tests.source_code import ROOT


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


@pytest.fixture(autouse=True)
def in_2026(monkeypatch):
    monkeypatch.setattr(formats, "this_year", lambda: 2026)
    monkeypatch.setattr(working_days, "_source", [working_days.WorkingCalendar])


def beijing(*parts):
    return datetime(*parts, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (datetime(2026, 11, 20, 3, 6, 26, tzinfo=UTC), "11月20日（周五）11:06:26"),
        (beijing(2026, 12, 5, 23, 59, 59), "12月5日（周六）23:59:59"),
        (beijing(2026, 12, 6, 0, 0, 0), "12月5日（周六）24:00"),
        (beijing(2026, 12, 6, 0, 0, 1), "12月6日（周日）00:00:01"),
        (beijing(2025, 3, 1, 8, 0, 0), "2025年3月1日（周六）08:00:00"),
        (beijing(2027, 1, 1, 0, 0, 0), "12月31日（周四）24:00"),
        (beijing(2027, 1, 2, 0, 0, 0), "2027年1月1日（周五）24:00"),
    ],
)
def test_a_moment_is_written_in_one_way(moment, shown):
    assert in_words(render("{{ value|moment }}", moment)) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (date(2026, 12, 3), "12月3日（周四）"),
        (date(2027, 1, 4), "2027年1月4日（周一）"),
        (datetime(2026, 12, 2, 17, 0, tzinfo=UTC), "12月3日（周四）"),  # its day in Beijing
    ],
)
def test_a_day_has_its_weekday_and_its_year_unless_it_is_this_one(value, shown):
    assert in_words(render("{{ value|day }}", value)) == shown


def test_a_deadline_is_kept_to_the_end_of_its_day():
    day = date(2026, 12, 5)
    assert in_words(render("{{ value|end_of_day }}", day)) == "12月5日（周六）24:00"
    assert render("{{ value|moment }}", end_of(day)) == render("{{ value|end_of_day }}", day)


def test_a_promise_says_whether_holidays_can_move_it():
    assert in_words(render("{{ value|promise }}", date(2026, 12, 3))) == "12月3日（周四）24:00 前"
    far = in_words(render("{{ value|promise }}", date(2098, 12, 3)))
    assert far == "2098年12月3日（周三）24:00 前（节假日顺延）"


def test_a_line_does_not_break_within_a_date_and_a_message_has_no_markup():
    day = date(2026, 12, 3)
    date_alone = '<span class="date"><span>12月3日（周四）</span>24:00</span>'
    assert render("到 {{ value|end_of_day }}。", day) == f"到 {date_alone}。"
    assert render("{{ value|promise }}", day) == f"{date_alone} 前"
    assert render("{{ value|end_of_day|plain }}", day) == "12月3日（周四）24:00"
    message = "{% autoescape off %}{{ value|promise }}{% endautoescape %}"
    assert render(message, day) == "12月3日（周四）24:00 前"
    assert f"到{formats.end_of_day(day)}" == "到12月3日（周四）24:00"
    assert render("{{ value|moment }}", None) == ""


def test_a_line_does_not_end_with_an_opening_bracket_nor_begin_with_a_comma():
    day, alone = date(2026, 12, 3), '<span class="date">12月3日（周四）</span>'
    marked = f'<span class="with-marks">（{alone}）</span>'
    assert render('{{ value|day|with_marks:"（）" }}', day) == marked
    assert render("{{ value|whole_dates }}", "已离职（12月3日（周四））") == f"已离职{marked}"
    comma = f'到<span class="with-marks">{alone}，</span>以后退回'
    assert render("{{ value|whole_dates }}", "到12月3日（周四），以后退回") == comma
    assert in_words(comma) == "到12月3日（周四），以后退回"
    assert render('{{ value|day|with_marks:"（）" }}', None) == ""


def test_a_date_in_a_template_holds_the_marks_beside_it():
    filters = "day|moment|end_of_day|full_date"
    bare = re.compile(
        rf"[（「](<time[^>]*>)?{{{{ [^}}]*\|({filters}|promise) }}}}"
        rf"|\|({filters}) }}}}(</time>)?[）」，。；：、]"
    )
    offences = [
        f"{path.relative_to(ROOT)}: {found[0]}"
        for path in (ROOT / "templates").rglob("*.html")
        for found in bare.finditer(path.read_text(encoding="utf-8"))
    ]
    assert offences == []


def test_a_moment_of_today_can_be_a_time():
    assert render("{{ value|time_of_day }}", beijing(2026, 12, 5, 9, 5, 59)) == "09:05"


def test_machines_read_iso():
    at = datetime(2026, 11, 20, 3, 6, 26, tzinfo=UTC)
    assert render("{{ value|iso }}", at) == "2026-11-20T11:06:26+08:00"
    assert render("{{ value|iso }}", date(2026, 11, 20)) == "2026-11-20"


@pytest.mark.parametrize(
    "name",
    [
        *("moment", "day", "end_of_day", "promise", "shift_note", "full_date", "iso"),
        *("time_of_day", "yuan"),
    ],
)
def test_a_missing_value_shows_nothing(name):
    assert render(f"{{{{ value|{name} }}}}", None) == ""


def test_a_person_s_data_is_written_as_the_place_shows_it():
    assert render('{{ value|shown:"page.name" }}', "张超") == "*超"
    assert render('{{ value|shown:"case.name" }}', "张超") == "张超"
    assert render('{{ value|shown:"page.phone" }}', None) == ""


def test_after_a_look_it_is_written_in_full():
    phone = '{% shown value "case.phone" has_looked %}'
    assert render(phone, "13812341234") == "138****1234"
    looked = "{% with has_looked=1 %}" + phone + "{% endwith %}"
    assert render(looked, "13812341234") == "13812341234"


def test_a_place_that_the_table_does_not_have_is_an_error():
    with pytest.raises(KeyError):
        render('{{ value|shown:"pages.name" }}', "张超")


# The first day of the next version: the one before is the last.
FIRST_DAYS = {"templates/rulebook/city.html"}


def test_a_day_up_to_whose_end_something_is_kept_is_written_with_its_24_00():
    """12月2日前 could mean that the day itself is too late."""
    bare = re.compile(r"\|day ?\}\}\s*(前|之前|以前)|\{day\([^}]*\)\}\s*(前|之前|以前)")
    offences = [
        path.relative_to(ROOT).as_posix()
        for folder, pattern in (("templates", "*.html"), ("templates", "*.txt"), ("apps", "*.py"))
        for path in (ROOT / folder).rglob(pattern)
        if bare.search(path.read_text(encoding="utf-8"))
    ]
    assert set(offences) <= FIRST_DAYS
