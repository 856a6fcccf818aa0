"""How values read on a page: personal data, money, moments and days in Beijing time.

A moment and a day are written here and nowhere else; code that needs them in a sentence calls the
same functions.
"""

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from django import template
from django.utils import timezone
from django.utils.html import escape, format_html_join
from django.utils.safestring import mark_safe

from apps.common import money, rules, visibility, working_days
from apps.common.moments import day_of

register = template.Library()

_ONE_DAY = timedelta(days=1)


class Unbroken(str):
    """A date in words. On a page the line does not break within it (`.date` in components.css).

    `time` is its end: where a line is too short for both, it breaks before the time. `opening` and
    `closing` are the marks around it, from which it is not parted; the line may break before and
    in `after`.
    """

    day: str
    time: str
    after: str
    opening: str
    closing: str

    def __new__(cls, day, *, time="", after="", opening="", closing=""):
        found = super().__new__(cls, f"{opening}{day}{time}{closing}{after}")
        found.day, found.time, found.after = str(day), time, after
        found.opening, found.closing = opening, closing
        return found

    def __html__(self):
        # A day, a time and the marks around them are numbers and fixed words: nothing to escape.
        day = f"<span>{self.day}</span>{self.time}" if self.time else self.day
        date = f'<span class="date">{day}</span>'
        if self.opening or self.closing:
            date = f'<span class="with-marks">{self.opening}{date}{self.closing}</span>'
        return mark_safe(date + escape(self.after) if self.after else date)  # noqa: S308


_WEEKDAYS = "一二三四五六日"
_OPENING = "（「"
_DATE = re.compile(
    rf"(?P<opening>[{_OPENING}]?)"
    r"(?P<day>(?:[0-9]{4}年)?[0-9]{1,2}月[0-9]{1,2}日(?:（周[一二三四五六日]）)?)"
    r"(?P<time>(?:[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)?)"
    r"(?P<closing>[）」，。；：、]*)"
)


@register.filter(name="shown")
def shown_at(value, where):
    """A person's data as a place shows it: {{ holder.phone|shown:"page.phone" }}."""
    return visibility.shown(value, where)


@register.simple_tag(name="shown")
def shown_after_look(value, where, has_looked):
    """The same where a look may be recorded: {% shown holder.phone "case.phone" is_disclosed %}."""
    found = visibility.shown(value, where, has_looked=bool(has_looked))
    return full_date(found) if isinstance(found, date) else found


@register.filter
def in_fours(reference):
    """CCGQ DRS8 X9HC 69HH: a public reference, so that it can be read out."""
    text = str(reference or "")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


@register.filter
def yuan(fen):
    return "" if fen is None or fen == "" else money.yuan(int(fen))


@register.filter
def moment(value):
    """11月20日（周五）11:06:26, exact to the second; the end of a day is its 24:00.

    So 12月6日 00:00:00 reads 12月5日（周六）24:00. The year is written unless it is this year.
    """
    if not value:
        return ""
    local = timezone.localtime(value)
    if local.time() == time.min:
        return end_of_day(day_of(value) - _ONE_DAY)
    return Unbroken(day(value), time=f"{local:%H:%M:%S}")


@register.filter
def time_of_day(value):
    """11:06, of a moment of today, where the page says that it is of today."""
    return f"{timezone.localtime(value):%H:%M}" if value else ""


@register.filter
def day(value):
    """12月3日（周四）, 2027年1月4日（周一）; for a moment, its day in Beijing.

    The year is written unless it is this year.
    """
    if not value:
        return ""
    if isinstance(value, datetime):
        value = day_of(value)
    return _day(value, value.year == this_year())


@lru_cache(maxsize=2_000)
def _day(value, is_of_this_year):
    year = "" if is_of_this_year else f"{value.year}年"
    return Unbroken(f"{year}{value.month}月{value.day}日（周{_WEEKDAYS[value.weekday()]}）")


@register.filter
def end_of_day(value):
    """12月3日（周四）24:00: the day `value` as a deadline, which is kept to its end."""
    return Unbroken(day(value), time="24:00") if value else ""


@register.filter
def promise(value):
    """12月3日（周四）24:00 前: the day `value` up to whose end something is promised.

    Until the holidays of its year are announced, it says that they may move it.
    """
    if not value:
        return ""
    return Unbroken(day(value), time="24:00", after=f" 前{shift_note(value)}")


@register.filter
def with_marks(date, marks):
    """（12月3日（周四））: a date with the `marks` that stand directly before and after it.

    A line never ends with an opening bracket and never begins with a closing one or with a comma.
    """
    if not date:
        return date
    opening = marks[0] if marks[0] in _OPENING else ""
    closing = marks.removeprefix(opening)
    return Unbroken(date.day, time=date.time, opening=opening, closing=closing)


@register.filter
def shift_note(value):
    """（节假日顺延） for a working day `value` that holidays may still move, else nothing."""
    return "" if not value or working_days.is_announced(value) else "（节假日顺延）"


@register.filter
def full_date(value):
    """1985年6月15日: a day out of somebody's documents, such as a date of birth."""
    return Unbroken(f"{value.year}年{value.month}月{value.day}日") if value else ""


@register.filter
def whole_dates(text):
    """A sentence that was written in code, whose dates do not break either: {{ text|whole_dates }}.

    A message and a sentence in a list keep the words alone; what knows its markup is left as it is.
    """
    if not text or hasattr(text, "__html__"):
        return text
    return _with_whole_dates(str(text))


@lru_cache(maxsize=2_000)
def _with_whole_dates(text):
    pieces, end = [], 0
    for found in _DATE.finditer(text):
        pieces += [(text[end : found.start()],), (Unbroken(**found.groupdict()),)]
        end = found.end()
    return format_html_join("", "{}", [*pieces, (text[end:],)])


@register.filter
def plain(value):
    """The words of a date alone, for an attribute."""
    return str(value)


@register.filter
def iso(value):
    """2026-11-20T11:06:26.123456+08:00: a moment or a day for machines, never to be read."""
    if not value:
        return ""
    return (timezone.localtime(value) if isinstance(value, datetime) else value).isoformat()


def this_year():
    """The year in which whoever reads the page lives."""
    return day_of(timezone.now()).year


@register.simple_tag
def rule(name, gap=""):
    """A rule of the portal with its unit: {% rule "UNPAID_LAPSE" %} reads 7天."""
    return rules.rule_text(name, gap=gap)
