"""Inputs that forms of every room use."""

import pytest
from django import forms

from apps.typed_text.inputs import DayField


class DayForm(forms.Form):
    day = DayField()


@pytest.mark.parametrize(
    "typed", ["2026-11-30", "2026/11/30", "20261130", "２０２６年１１月３０日", " 2026.11.30 "]
)
def test_a_day_that_is_understood_is_shown_again_as_a_browser_reads_it(typed):
    assert 'value="2026-11-30"' in str(DayForm({"day": typed})["day"])


@pytest.mark.parametrize("typed", ["2月30日", "2026-02-30", "-1", "😀", "99999-01-01"])
def test_a_day_that_is_none_is_refused_and_shown_again_as_it_was_typed(typed):
    form = DayForm({"day": typed})
    assert form.errors
    assert f'value="{typed}"' in str(form["day"])
