"""What the two members of the desk type."""

from django import forms

from apps.desk.fields import LineField
from apps.people.finding import ID_NUMBER, by_own_number
from apps.people.models import Holder, User
from apps.person_changes.enums import EvidenceKind, PersonChangeKind
from apps.typed_text.plain_text import compact


def _find(text):
    """The `Holder` whose employee number, ID number or reference is `text`; None without one."""
    people = Holder.objects.select_related("user")
    number = User.normalize_username(text.strip())
    return (
        people.filter(user__employee_number=number).first()
        or _by_id_number(people, text).first()
        or people.filter(reference=compact(text).upper()).first()
    )


def _by_id_number(people, text):
    return by_own_number(people, text).get(ID_NUMBER, people.none())


class RecordField(forms.CharField):
    """A person, named by one of the numbers. Its value is the `Holder`, or None."""

    def __init__(self, *, asked, **options):
        super().__init__(
            max_length=40,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
            error_messages={"required": asked, "max_length": "太长了，请核对。"},
            **options,
        )

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        found = _find(text)
        if found is None:
            raise forms.ValidationError(
                "没有找到这个人。请填写完整的工号、社会保障号码，或持卡人编号。", code="unknown"
            )
        return found


class ProposeForm(forms.Form):
    """Whose number changes into which, or which two records are one person's."""

    kind = forms.ChoiceField(
        label="更正什么",
        choices=PersonChangeKind.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "请选择更正什么。",
            "invalid_choice": "请选择更正什么。",
        },
    )
    holder = RecordField(
        label="谁",
        help_text="工号、社会保障号码或持卡人编号。合并时填保留的那一条。",
        asked="请填写是谁。",
    )
    new_number = forms.CharField(
        label="新的工号或社会保障号码",
        required=False,
        max_length=40,
        help_text="对照原件填写，确认的同事会再填一次",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": "太长了，请核对。"},
    )
    other = RecordField(
        label="要并入的另一条记录",
        required=False,
        help_text="只在合并时填写。它的申请、社保卡、消息都转到保留的一条，账户停用。",
        asked="请填写要并入的另一条记录。",
    )
    evidence_kind = forms.ChoiceField(
        label="核对的原件",
        choices=[("", "请选择"), *EvidenceKind.choices],
        error_messages={
            "required": "请选择看了什么原件。",
            "invalid_choice": "请选择看了什么原件。",
        },
    )
    evidence = LineField(
        label="原件的说明",
        help_text="文号，或谁带来的、在哪里核对的。请不要写进完整的号码，也不用留复印件。",
        asked="请写明看了什么原件。",
    )
    reason = LineField(
        label="为什么更正",
        help_text="本人和审计员会看到",
        asked="请写明为什么更正，本人和审计员会看到。",
    )

    def by_number(self):
        """{`ID_NUMBER`: whom the typed ID numbers found}; empty where none was typed."""
        names = ("holder", "other", "new_number")
        found = [by_own_number(Holder.objects.all(), self.data.get(name, "")) for name in names]
        people = [by_number[ID_NUMBER] for by_number in found if ID_NUMBER in by_number]
        return {ID_NUMBER: [person for each in people for person in each]} if people else {}

    def clean(self):
        data = super().clean() or {}
        kind = data.get("kind")
        if not kind:
            return data
        if PersonChangeKind(kind).needs_number:
            data["other"] = None
            self.errors.pop("other", None)
            if not data.get("new_number") and "new_number" not in self.errors:
                self.add_error("new_number", "请填写新的号码。")
        else:
            data["new_number"] = ""
            if not data.get("other") and "other" not in self.errors:
                self.add_error("other", "请填写要并入的另一条记录。")
        return data


class ConfirmForm(forms.Form):
    """The number once more, from the original."""

    prefix = "confirm"

    typed_number = forms.CharField(
        label="对照原件，再填一次新的号码",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "请对照原件，再填一次新的号码。",
            "max_length": "太长了，请核对。",
        },
    )
    is_checked = forms.BooleanField(
        label="我看过原件，两条记录是同一个人",
        error_messages={"required": "请看过原件，再勾选。"},
    )

    def __init__(self, *args, change_kind, **options):
        super().__init__(*args, **options)
        del self.fields[
            "is_checked" if PersonChangeKind(change_kind).needs_number else "typed_number"
        ]


class DeclineForm(forms.Form):
    prefix = "decline"

    reason = LineField(
        label="为什么不更正",
        help_text="提出的同事会看到",
        asked="请写明为什么不更正，提出的同事会看到。",
    )
