"""Fields of the desk's forms."""

import pytest
from django import forms

from apps.desk.fields import KeptChoiceField
from apps.regions.models import Bank
from tests.factories.regions import make_bank

pytestmark = pytest.mark.django_db


class BankForm(forms.Form):
    bank = KeptChoiceField(lambda: Bank.objects.order_by("-code"), empty_label="不限")


def test_a_kept_choice_offers_the_rows_that_are_there_now(django_assert_num_queries):
    first = make_bank("11111", "甲行")
    before = [(str(value), label) for value, label in BankForm()["bank"].field.choices]
    assert before.index(("11111", "甲行")) == len(before) - 1
    assert before[0] == ("", "不限")
    second = make_bank("22222", "乙行")
    with django_assert_num_queries(1):
        after = [(str(value), label) for value, label in BankForm()["bank"].field.choices]
    assert after == [*before[:-1], (second.pk, "乙行"), (first.pk, "甲行")]
    drawn = str(BankForm(initial={"bank": second.pk})["bank"])
    assert '<option value="22222" selected>乙行</option>' in drawn
    form = BankForm({"bank": first.pk})
    assert form.is_valid()
    assert form.cleaned_data["bank"] == first
    assert not BankForm({"bank": "33333"}).is_valid()
