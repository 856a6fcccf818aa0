"""How the end of a suspension reads."""

from django import template

from apps.common.templatetags.formats import day
from apps.loss_report.natural_days import last_date

register = template.Library()


@register.filter
def end_of_day(ends_at):
    """2026年11月30日（周一）24:00: the end as the day that it ends, not the one after."""
    date = last_date(ends_at)
    return f"{date.year}年{day(date)}24:00"
