"""The particulars form of an 申领 or a 补换, and how a half-filled one is kept.

What is typed is judged here, as the fields declare it. A draft keeps two things: the text as it
was typed, right or wrong, so that nobody loses a letter, and the columns, which hold only what is
right.
"""

import json
from functools import lru_cache

from django import forms
from django.core.exceptions import ValidationError

from apps.common.moments import day_of
from apps.requests import registry
from apps.requests.particulars import own_values
from apps.typed_text.id_numbers import age
from apps.unsent.merging import Unit


class ParticularsForm(forms.Form):
    """The editable part of the particulars.

    `particulars` is the saved row, `at` the moment by whose day ages and validity are judged.
    `topics` limits the form to what a reviewer opened (names of fields); None means all.
    `has_portrait` says whether a usable portrait is there: the form asks for one, although it
    is uploaded on a page of its own, so that one list names everything that is missing.
    """

    def __init__(self, *args, particulars, at, topics=None, has_portrait, **options):
        options.setdefault("initial", saved_values(particulars))
        super().__init__(*args, **options)
        self.particulars = particulars
        self.at = at
        self.has_portrait = has_portrait
        years = age(particulars.birth_date, day=day_of(at))
        self.declared = [
            declared
            for declared in registry.on_form()
            if declared.asked(years) and (topics is None or declared.name in topics)
        ]
        self.inputs = {declared.name: _inputs(declared, years) for declared in self.declared}
        for inputs in self.inputs.values():
            self.fields.update(inputs)
        portrait = registry.get("portrait")
        self.needs_portrait = portrait.required(years) and (
            topics is None or portrait.name in topics
        )

    def units(self):
        """The fields, each with its inputs: two windows are merged field by field."""
        return [
            Unit(declared.name, declared.label, tuple(self.inputs[declared.name]))
            for declared in self.declared
        ]

    def inputs_of(self, topic):
        """The bound inputs that belong to the field `topic`; none for one of another page."""
        return [self[name] for name in self.inputs.get(topic, ())]

    def clean(self):
        data = super().clean()
        for declared in self.declared:
            if declared.clean is not None:
                declared.clean(self, data)
        if self.needs_portrait and not self.has_portrait:
            self.add_error(
                None, ValidationError("请上传电子照片，并点「使用这张照片」。", code="no_portrait")
            )
        return data

    def typed(self):
        """What was typed, right or wrong, as the JSON text that `Particulars.typed` keeps."""
        raw = {name: self[name].data for name in self.fields}
        return json.dumps(
            {name: value for name, value in raw.items() if value is not None}, ensure_ascii=False
        )

    def columns(self):
        """Column → value for every column of the form; what is wrong or missing is empty."""
        self.is_valid()
        return {
            column: self.cleaned_data.get(column) or declared.empty
            for declared in self.declared
            for column in declared.columns
        }


@lru_cache(maxsize=2_000)
def _inputs(declared, years):
    """The inputs of `declared` for an age. All forms share them, so no form may change them."""
    return declared.form_inputs(years)


def saved_values(particulars):
    """The form's values as they were left: the typed text where there is one, else the columns."""
    values: dict[str, object] = {}
    for declared in registry.on_form():
        values |= declared.form_values(particulars)
    return values | (json.loads(particulars.typed) if particulars.typed else {})


def own_values_saved(particulars):
    """`saved_values` for a person who has turned 16, without what a guardian gave as their own."""
    values = saved_values(particulars)
    holder, guardian = particulars.card_request.holder, particulars.guardian
    own = own_values(holder)
    for declared in registry.of_household():
        name = declared.name
        of_guardian = declared.known(holder, guardian) if declared.known else declared.empty
        if values.get(name) in (declared.value(particulars, name), of_guardian):
            values[name] = own[name]
    return values


def resumed(particulars, *, at, topics=None, has_portrait):
    """The form bound to what was saved, so that it can be judged without being posted again."""
    return ParticularsForm(
        saved_values(particulars),
        particulars=particulars,
        at=at,
        topics=topics,
        has_portrait=has_portrait,
    )
