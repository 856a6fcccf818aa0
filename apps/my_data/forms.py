from typing import Any

from django import forms

from apps.my_data.policies import CORRECTABLE
from apps.people.family import name_of

MOST_CHARACTERS = 500


class PersonField(forms.ChoiceField):
    """One of the persons, by the public reference."""

    def __init__(self, persons, *, reader):
        def whose(person):
            is_own = person.user_id == reader.pk
            return "本人" if is_own else f"子女 {name_of(person, reader=reader)}"

        choices = [(person.reference, whose(person)) for person in persons]
        super().__init__(
            label="谁的信息",
            choices=choices,
            widget=forms.RadioSelect,
            initial=choices[0][0],
            error_messages={"required": "请选择是谁的信息。"},
        )


class CorrectionForm(forms.Form):
    """What is wrong, and what would be right. `persons` are those for whom `reader` acts."""

    topic = forms.ChoiceField(
        label="哪一类信息不对",
        choices=[(category.name, category.value) for category in CORRECTABLE],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择哪一类信息不对。"},
    )
    text = forms.CharField(
        label="哪里不对，应该是什么",
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="例如：出生日期应为身份证上的那一天。证件请带到窗口核对，不用在这里写完整号码。",
        error_messages={"required": "请写明哪里不对、应该是什么。"},
    )

    def __init__(self, *args, persons, reader, **options):
        super().__init__(*args, **options)
        self.persons = {person.reference: person for person in persons}
        self.fields["person"] = PersonField(persons, reader=reader)
        self.order_fields(["person", "topic", "text"])

    def asked(self):
        """The arguments of the service that the form decides."""
        data = self.cleaned_data
        return {
            "holder": self.persons[data["person"]],
            "topic": data["topic"],
            "text": data["text"],
        }


class ErasureForm(forms.Form):
    """What to erase of what is `offered`: pairs of an `Erasable` and how many there are."""

    what = forms.MultipleChoiceField(
        label="要删除什么",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "请勾选要删除的内容。",
            "invalid_choice": "勾选的内容里，有的已经删除或者现在不能删除，其余的也还没有删除。"
            "请看现在能删除的，再勾选一次。",
        },
    )

    def __init__(self, *args, offered, **options):
        super().__init__(*args, **options)
        field: Any = self.fields["what"]
        field.choices = [
            (each.name, f"{each.label}（{number}）。之后{each.after}") for each, number in offered
        ]
