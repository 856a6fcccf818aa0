"""How values read on a page: masks, money, moments and days in Beijing time."""

from datetime import datetime, timedelta

from django import template
from django.utils import timezone

from apps.common import masks, money, rules
from apps.common.moments import day_of

register = template.Library()

_WEEKDAYS = "一二三四五六日"


@register.filter
def mask_name(value):
    return masks.name(value or "")


@register.filter
def mask_id(value):
    return masks.id_number(value or "")


@register.filter
def mask_phone(value):
    return masks.phone(value or "")


@register.filter
def mask_card(value):
    return masks.card_number(value or "")


@register.filter
def mask_address(value):
    return masks.address(value or "")


@register.filter
def yuan(fen):
    return "" if fen is None or fen == "" else money.yuan(int(fen))


@register.filter
def moment(value):
    """2026-11-20 11:06:26, exact to the second."""
    return f"{timezone.localtime(value):%Y-%m-%d %H:%M:%S}" if value else ""


@register.filter
def day(value):
    """12月3日（周四）; for a moment, its day in Beijing."""
    if not value:
        return ""
    if isinstance(value, datetime):
        value = timezone.localtime(value)
    return f"{value.month}月{value.day}日（周{_WEEKDAYS[value.weekday()]}）"


@register.filter
def full_date(value):
    """2026年12月3日."""
    return f"{value.year}年{value.month}月{value.day}日" if value else ""


@register.filter
def end_of_day(midnight):
    """2026年11月30日（周一）24:00: a midnight as the end of the day before it."""
    if not midnight:
        return ""
    date = day_of(midnight - timedelta(seconds=1))
    return f"{date.year}年{day(date)}24:00"


@register.simple_tag
def rule(name, gap=""):
    """A rule of the portal with its unit: {% rule "UNPAID_LAPSE" %} reads 7天."""
    return rules.rule_text(name, gap=gap)
