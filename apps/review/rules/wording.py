"""How the terms of a rule read on the desk."""

from apps.common.money import yuan
from apps.regions.models import CityRule

LABELS = {
    field.name: str(field.verbose_name).removesuffix("（分）")
    for field in CityRule._meta.fields
    if field.name in CityRule.TERMS
}


def shown(name, value):
    """10.00 元, 10 个工作日, 7 个自然日."""
    if name in CityRule.FEES:
        return f"{yuan(value)} 元"
    return f"{value} 个{'自然日' if name == 'loss_report_days' else '工作日'}"


def shown_range(name, values):
    """The one value that all have, or from the least to the most."""
    least, most = min(values), max(values)
    if least == most:
        return shown(name, least)
    return f"{shown(name, least)} 至 {shown(name, most)}"


def day(date):
    return f"{date.year}年{date.month}月{date.day}日"
