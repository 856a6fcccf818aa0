"""Who is away, and who stands in."""

from typing import Any

from django import forms

from apps.desk.colleagues import named, whereabouts
from apps.desk.referrals.policies import reviewers
from apps.encryption.public_keys import RowField
from apps.people.models import User
from apps.typed_text.inputs import DayField


class _ReviewerField(RowField):
    def label_from_instance(self, user):
        return f"{named(user)}（{whereabouts(user)}）"


def _day(label, asked):
    return DayField(
        label=label,
        error_messages={"required": asked, "invalid": "请填写日期，例如 2027-01-15。"},
    )


class AbsenceForm(forms.Form):
    """From when until when; for the team lead `lead` also who."""

    user = _ReviewerField(
        queryset=User.objects.none(),
        label="谁",
        empty_label="请选择",
        error_messages={"required": "请选择是谁。", "invalid_choice": "请选择一位审核人。"},
    )
    first = _day("从哪一天", "请选择第一天。")
    last = _day("到哪一天", "请选择最后一天。")
    deputy = _ReviewerField(
        queryset=User.objects.none(),
        label="代办的同事",
        required=False,
        empty_label="没有",
        help_text="转给您的、请您看的、您稍后办和领着的，会在这位同事的「转给我的」里",
        error_messages={"invalid_choice": "请在列表里选择一位同事。"},
    )

    def __init__(self, *args, lead, by, **options):
        super().__init__(*args, **options)
        user: Any = self.fields["user"]
        deputy: Any = self.fields["deputy"]
        user.queryset = deputy.queryset = reviewers()
        user.initial = by
        if not lead:
            del self.fields["user"]
            deputy.queryset = reviewers().exclude(pk=by.pk)
