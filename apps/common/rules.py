"""How the portal's rules (sbk_portal/rules.py) read in Chinese.

Pages and refusals ask here, so that a changed rule changes every sentence about it.
"""

from datetime import timedelta

from django.conf import settings

_KB = 1024
_MB = 1024 * 1024
# End of a rule's name → its unit.
_UNITS = {
    "_AGE": "周岁",
    "_WORKING_DAYS": "个工作日",
    "_MONTHS": "个月",
    "_YEARS": "年",
    "_DIGITS": "位",
    "_LENGTH": "个字符",
    "_CHARACTERS": "个字",
    "_ROWS": "行",
    "_ROWS_AT_ONCE": "行",
    "_PICTURES": "张",
    "_WARDS": "个孩子",
    "_IN_FLIGHT": "个导出",
    "_SAMPLE": "件",
    "_PERCENT": "%",
    "_PARTS": "条",
    "_TRIES": "次",
    "_PER_DAY": "次",
    "_PER_HOUR": "次",
    "_PER_MINUTE": "次",
    "_EDGE": "像素",
    "_WIDTH": "像素",
}
# (unit, least number of it), the longest first. The first unit that divides the time exactly and
# reaches its least number is used. One day reads 24小时, because such a time runs from moment to
# moment and not to the end of a day.
_TIME_UNITS = (
    (timedelta(days=365), 1, "年"),
    (timedelta(days=1), 2, "天"),
    (timedelta(hours=1), 1, "小时"),
    (timedelta(minutes=1), 1, "分钟"),
    (timedelta(seconds=1), 0, "秒"),
)


def rule_text(name, *, gap=""):
    """The value of settings.`name` with its unit: 7天, 30分钟, 16周岁, 3个工作日, 10 MB, 358×441.

    `gap` stands between the number and a Chinese unit. Raises AttributeError for a name that is no
    setting, and LookupError for one that has no unit.
    """
    value = getattr(settings, name)
    if isinstance(value, timedelta):
        return duration(value, gap=gap)
    if name.endswith("_SIZE"):
        return f"{value[0]}×{value[1]}"
    if name.endswith("_BYTES"):
        return f"{value / _MB:.4g} MB" if value >= _MB else f"{value / _KB:.4g} KB"
    if name.endswith("_PIXELS"):
        return f"{value / 10_000:.6g} 万像素"
    for end, unit in _UNITS.items():
        if name.endswith(end):
            return f"{value}{gap}{unit}"
    raise LookupError(f"{name} has no unit: it is no time, and its name ends in none")


def duration(value, *, gap=""):
    """A timedelta as people say it: 2年, 7天, 24小时, 10分钟, 90秒."""
    for unit, least, word in _TIME_UNITS:
        number, rest = divmod(value, unit)
        if not rest and number >= least:
            return f"{number}{gap}{word}"
    raise LookupError(f"{value} is no whole number of seconds")
