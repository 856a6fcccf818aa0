"""What was given for a request, as rows of a page."""

from dataclasses import dataclass

from django import template

from apps.common.templatetags.formats import full_date
from apps.requests import registry
from apps.requests.declaration import FieldStep, everybody

register = template.Library()
_NOTHING = "未填写"
_OPEN = "等您本人填写"


@dataclass(frozen=True)
class GivenValue:
    label: str
    text: str


@register.simple_tag
def given(particulars, place, asks_contact=False):
    """Every value of the particulars; `place` is "own_form" or "page" of
    apps.common.visibility.

    Fields that do not exist for the applicant's age are left out; empty ones read 未填写. With
    `asks_contact` phone and address are still those of a guardian whose part is over: see
    `policies.asks_own_contact`.
    """
    open_ones = registry.of_household() if asks_contact else []
    rows = []
    for declared in registry.every():
        if declared.step == FieldStep.PORTRAIT or declared.is_hidden(place):
            continue
        text = declared.shown(particulars, place, write_day=full_date)
        if declared in open_ones:
            text = _OPEN
        if text or declared.asked is everybody:
            rows.append(GivenValue(declared.label, text or _NOTHING))
    return rows


@register.simple_tag
def from_roster(particulars):
    """What was copied from the roster and cannot be typed."""
    return [
        GivenValue(declared.label, declared.shown(particulars, "own_form", write_day=full_date))
        for declared in registry.from_roster()
    ]
