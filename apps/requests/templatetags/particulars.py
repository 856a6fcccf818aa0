"""What was given for a request, as rows of a page."""

from dataclasses import dataclass

from django import template

from apps.common.templatetags.formats import full_date
from apps.requests import registry
from apps.requests.declaration import FieldPlace, FieldStep, everybody

register = template.Library()
_NOTHING = "未填写"


@dataclass(frozen=True)
class GivenValue:
    label: str
    text: str


@register.simple_tag
def given(particulars, place):
    """Every value of the particulars; `place` is "check" or "detail", where they are masked.

    Fields that do not exist for the applicant's age are left out; empty ones read 未填写.
    """
    at = FieldPlace[place.upper()]
    rows = []
    for declared in registry.every():
        if declared.step == FieldStep.PORTRAIT or at in declared.hidden_from:
            continue
        text = declared.shown(particulars, at, write_day=full_date)
        if text or declared.asked is everybody:
            rows.append(GivenValue(declared.label, text or _NOTHING))
    return rows


@register.simple_tag
def from_roster(particulars):
    """What was copied from the roster and cannot be typed."""
    return [
        GivenValue(
            declared.label, declared.shown(particulars, FieldPlace.CHECK, write_day=full_date)
        )
        for declared in registry.from_roster()
    ]
