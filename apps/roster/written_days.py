"""Days as HR writes them, and what each of these ways of writing may mean.

A two-digit year, a month without its day, or 3/4/1979 may mean several days. A row whose ID number
tells the birth date needs only a day that agrees; without it such a text is refused.
"""

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from itertools import permutations

from apps.typed_text.plain_text import visible

FIRST_YEAR, LAST_YEAR = 1900, 2099
_REPUBLIC = 1911  # its first year, 民国元年, is the one after

_LUNAR = re.compile("农历|農曆|阴历|陰曆|旧历|舊曆|闰|腊月|正月|初[一二三四五六七八九十]")
# What stands around a day and does not change it.
_AROUND = re.compile(
    r"公历|阳历|公元|西元|出?生于?|[（(]?(?:星期|周|礼拜)[一二三四五六日天][)）]?"
    r"|\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?,?"
    r"|(?<=[0-9])(?:st|nd|rd|th)\b"
    r"|(?<=[0-9日号])[ T]*[0-2]?[0-9](?::[0-5][0-9]){1,2}(?:\.[0-9]+)?$",
    re.IGNORECASE,
)
_OF_THE_REPUBLIC = re.compile(r"^(?:中华|中華)?民[国國]")
_NUMERAL = re.compile("[〇○零一二三四五六七八九十廿卅]+")
_DIGITS = {character: str(value) for value, character in enumerate("〇一二三四五六七八九")}
_DIGITS |= {"○": "0", "零": "0"}
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "january"),
            ("feb", "february"),
            ("mar", "march"),
            ("apr", "april"),
            ("may",),
            ("jun", "june"),
            ("jul", "july"),
            ("aug", "august"),
            ("sep", "sept", "september"),
            ("oct", "october"),
            ("nov", "november"),
            ("dec", "december"),
        ),
        start=1,
    )
    for name in names
}
_PIECE = re.compile(r"(?P<digits>[0-9]+) ?(?P<unit>[年月日号])?|(?P<word>[A-Za-z]+)|[-/.,、。 ]+")
_UNITS = {"年": "y", "月": "m", "日": "d", "号": "d"}
_COMPACT = {6: (("y", 4), ("m", 2)), 8: (("y", 4), ("m", 2), ("d", 2))}
_COMPACT_SHORT = (("y", 2), ("m", 2), ("d", 2))

_NO_DAY = "不是真实的日期"
_LUNAR_DAY = "要填公历的日期"
_NO_DAY_OF_MONTH = "只写了年和月，缺哪一天"
_SHORT_YEAR = "的年份只有两位，读不准是哪一年"
_UNCLEAR_ORDER = "分不清哪个是月、哪个是日"


class NoDay(ValueError):
    """The text means no day. Its argument says why, as the end of a sentence."""


@dataclass(frozen=True)
class WrittenDay:
    """`spans` are what the text may mean, as pairs of the first and the last day.

    `doubt` says why it isn't sure, as the end of a sentence; empty where it is one day.
    """

    spans: frozenset[tuple[date, date]]
    doubt: str = ""

    @property
    def day(self):
        """The day that it means, None while there is a doubt."""
        return None if self.doubt else min(self.spans)[0]

    def can_be(self, day):
        return any(first <= day <= last for first, last in self.spans)


def read(text):
    """The `WrittenDay` that `text` means. Raises `NoDay`."""
    text = unicodedata.normalize("NFKC", visible(text)).strip()
    if _LUNAR.search(text):
        raise NoDay(_LUNAR_DAY)
    text = re.sub("[‐‑‒–—―−~]", "-", _AROUND.sub("", text)).strip()
    rest = _OF_THE_REPUBLIC.sub("", text)
    pieces = _pieces(_NUMERAL.sub(_in_digits, rest))
    readings = list(_readings(pieces, is_republic=rest != text))
    spans = frozenset(span for _, reading in readings for span in _spans(reading))
    if not spans:
        raise NoDay(_NO_DAY)
    return WrittenDay(spans, _doubt(readings, spans))


def _in_digits(numeral):
    text = numeral[0].replace("廿", "二十").replace("卅", "三十")
    if "十" not in text:
        return "".join(map(_DIGITS.__getitem__, text))
    tens, _, ones = text.partition("十")
    value = _DIGITS.get(tens or "一", "") + _DIGITS.get(ones or "〇", "")
    return value if len(value) == 2 else numeral[0]


def _pieces(text):
    """The numbers of `text` in order, each with what it is: y, m, d, or "" where that is open."""
    pieces, place = [], 0
    while place < len(text):
        piece = _PIECE.match(text, place)
        if piece is None:
            raise NoDay(_NO_DAY)
        place = piece.end()
        if piece["word"]:
            pieces.append(("m", str(_month(piece["word"]))))
        elif piece["digits"]:
            pieces.append((_UNITS.get(piece["unit"], ""), piece["digits"]))
    return pieces


def _month(word):
    try:
        return _MONTHS[word.lower()]
    except KeyError:
        raise NoDay(_NO_DAY) from None


def _readings(pieces, *, is_republic):
    """What the pieces may be, as pairs of whether the year is short, and a dict of y, m and d.

    The dict has one year for each century that a short year may belong to.
    """
    if len(pieces) == 1 and not is_republic:
        yield from _of_one_number(*pieces[0])
    if len(pieces) not in (2, 3):
        return
    orders = permutations("ymd", 3) if len(pieces) == 3 else permutations("ym", 2)
    usual = {"ymd", "dmy", "mdy", "ym", "my"}
    for order in map("".join, orders):
        if order not in usual or any(
            known and known != part for part, (known, _) in zip(order, pieces, strict=True)
        ):
            continue
        digits = {part: text for part, (_, text) in zip(order, pieces, strict=True)}
        is_named = any(known == "m" for known, _ in pieces)
        yield from _with_years(digits, is_republic=is_republic, is_named=is_named)


def _of_one_number(known, digits):
    if known or len(digits) not in _COMPACT:
        return
    for cut in {_COMPACT[len(digits)], _COMPACT_SHORT} if len(digits) == 6 else {_COMPACT[8]}:
        parts, place = {}, 0
        for part, length in cut:
            parts[part] = digits[place : place + length]
            place += length
        yield from _with_years(parts, is_republic=False, is_named=False)


def _with_years(digits, *, is_republic, is_named):
    if any(len(digits[part]) > 2 for part in "md" if part in digits):
        return
    year, rest = digits["y"], {part: int(digits[part]) for part in "md" if part in digits}
    if is_republic:
        years = [_REPUBLIC + int(year)] if len(year) <= 3 else []
        is_short = False
    else:
        # A month and two digits alone, 3.4, are hardly a year; with the month's name they are.
        can_be_short = "d" in digits or is_named
        is_short = len(year) == 2 and can_be_short
        years = [int(year)] if len(year) == 4 else []
        years += [1900 + int(year), 2000 + int(year)] if is_short else []
    for each in years:
        yield is_short, {"y": each, **rest}


def _spans(reading):
    year, month = reading["y"], reading["m"]
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12):
        return
    last = monthrange(year, month)[1]
    if "d" not in reading:
        yield date(year, month, 1), date(year, month, last)
    elif 1 <= reading["d"] <= last:
        day = date(year, month, reading["d"])
        yield day, day


def _doubt(readings, spans):
    possible = [(is_short, reading) for is_short, reading in readings if list(_spans(reading))]
    if all("d" not in reading for _, reading in possible):
        return _NO_DAY_OF_MONTH
    if any(is_short for is_short, _ in possible):
        return _SHORT_YEAR
    return _UNCLEAR_ORDER if len(spans) > 1 else ""
