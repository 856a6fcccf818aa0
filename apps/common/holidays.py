"""The statutory holidays of every year, and the days that may be off until a year is announced.

Source of the statutory days: 全国年节及纪念日放假办法, in this version since 2025-01-01. The
days of the lunar calendar and 清明, a solar term, are computed. The State Council announces in the
autumn before which weekdays are off for longer holidays and which weekends are worked for them;
until then only the pattern of the last years is known.
"""

from datetime import date, timedelta
from functools import cache

from borax.calendars.lunardate import LunarDate, TermUtils

NEW_YEAR, SPRING, QINGMING = "元旦", "春节", "清明节"
LABOUR, DRAGON_BOAT, MID_AUTUMN, NATIONAL = "劳动节", "端午节", "中秋节", "国庆节"

_MONDAY, _TUESDAY, _THURSDAY, _FRIDAY, _SATURDAY, _SUNDAY = 0, 1, 3, 4, 5, 6


@cache
def statutory(year):
    """{day: name} of the statutory holidays in `year`."""
    spring = _lunar(year, 1, 1)
    return {
        date(year, 1, 1): NEW_YEAR,
        **{spring + timedelta(days=number): SPRING for number in range(-1, 3)},
        _qingming(year): QINGMING,
        **{date(year, 5, number): LABOUR for number in (1, 2)},
        _lunar(year, 5, 5): DRAGON_BOAT,
        **{date(year, 10, number): NATIONAL for number in (1, 2, 3)},
        _lunar(year, 8, 15): MID_AUTUMN,
    }


@cache
def possible(year):
    """{day: name} of the weekdays that may be off for the holidays of `year`.

    It holds every day that is likely to be announced, and more rather than less: a promise that
    leaves them out is kept whatever is announced. The last days of December can be among them, of
    the year before. Weekends that may be worked are not counted on.
    """
    found: dict[date, str] = {}
    for day, name in statutory(year).items():
        if name in (NEW_YEAR, QINGMING, DRAGON_BOAT, MID_AUTUMN):
            found |= dict.fromkeys(_long_weekend(day), name)
    spring = _lunar(year, 1, 1)
    found |= {spring + timedelta(days=number): SPRING for number in range(-3, 8)}
    found |= {date(year, 5, number): LABOUR for number in range(1, 6)}
    found |= {date(year, 10, number): NATIONAL for number in range(1, 9)}
    if date(year, 9, 28) <= _lunar(year, 8, 15) <= date(year, 9, 30):  # the two become one
        found |= {date(year, 9, number): MID_AUTUMN for number in (28, 29, 30)}
    return {day: name for day, name in found.items() if day.weekday() <= _FRIDAY}


def _long_weekend(day):
    """`day` and what joins it with the next weekend, or what is given for a day on a weekend."""
    joined = {
        _TUESDAY: [-1],
        _THURSDAY: [1],
        _SATURDAY: [-1, 2],
        _SUNDAY: [-2, 1],
    }
    return [day, *(day + timedelta(days=n) for n in joined.get(day.weekday(), []))]


def _lunar(year, month, number):
    return LunarDate(year, month, number).to_solar_date()


def _qingming(year):
    return TermUtils.day_start_from_term(year, "清明")
