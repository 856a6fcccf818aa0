"""How a change of a rule reads in the log of a city."""

from django import template

from apps.review.rules.wording import LABELS, shown

register = template.Library()

_DONE = {"opened": "开通", "closed": "停办", "withdrawn": "撤回开通"}


@register.filter
def rule_change(event):
    """2027-01-01 起：同城邮寄费 10.00 元 → 11.00 元; 开通「社会保障卡申领」：2027-01-01 起."""
    facts = event.facts
    if facts["what"] in ("rule", "rule_withdrawn"):
        changed = "，".join(
            f"{LABELS[name]} {shown(name, value)} → {shown(name, facts['after'][name])}"
            for name, value in facts["before"].items()
        )
        verb = "撤回 " if facts["what"] == "rule_withdrawn" else ""
        return f"{verb}{facts['valid_from']} 起：{changed}"
    verb = _DONE[facts["what"].split("_")[1]]
    period = facts["after"] or facts["before"]
    until = f"至 {period['open_until']}" if period["open_until"] else "起"
    return f"{verb}{facts['name']}：{period['open_from']} {until}"
