"""How the terms of a rule read on the desk."""

from datetime import date

from apps.common.money import yuan
from apps.common.templatetags.formats import day
from apps.regions.models import CityRule
from apps.regions.wording import unit

LABELS = {
    field.name: str(field.verbose_name).removesuffix("（分）")
    for field in CityRule._meta.fields
    if field.name in CityRule.TERMS
}


def shown(name, value):
    """10.00 元, 10 个工作日, 7 个自然日; 提供 or 不提供 for a way of delivery."""
    if name in CityRule.WAYS:
        return "提供" if value else "不提供"
    return f"{yuan(value) if name in CityRule.FEES else value} {unit(name)}"


def shown_range(name, values):
    """One value if all are equal, else the least and the most."""
    least, most = min(values), max(values)
    if least == most:
        return shown(name, least)
    if name in CityRule.WAYS:
        return "各地不同"
    return f"{shown(name, least)} 至 {shown(name, most)}"


_DONE = {"opened": "开通", "closed": "停办", "withdrawn": "撤回开通"}


def change(facts):
    """A change of the rules as a sentence, from the facts of its event.

    2027年1月1日（周五）起：同城邮寄费 10.00 元 → 11.00 元; 开通社会保障卡申领：1月1日（周五）起.
    """
    if facts["what"] in ("rule", "rule_withdrawn"):
        changed = "，".join(
            f"{LABELS[name]} {shown(name, value)} → {shown(name, facts['after'][name])}"
            for name, value in facts["before"].items()
        )
        verb = "撤回 " if facts["what"] == "rule_withdrawn" else ""
        return f"{verb}{_day(facts['valid_from'])}起：{changed}"
    verb = _DONE[facts["what"].split("_")[1]]
    period = facts["after"] or facts["before"]
    until = f"至{_day(period['open_until'])}" if period["open_until"] else "起"
    return f"{verb}{facts['name']}：{_day(period['open_from'])}{until}"


def _day(text):
    return day(date.fromisoformat(text))
