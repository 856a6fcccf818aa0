from typing import Any, cast

from django import forms

from apps.desk.absences.policies import note_of
from apps.desk.colleagues import named, whereabouts
from apps.desk.models import WITH_ANSWER, Absence, ReferralKind
from apps.desk.referrals.policies import reviewers
from apps.encryption.public_keys import RowField
from apps.people.models import User

MOST = 500


class _Colleague(RowField):
    """A reviewer; `away` are the absences of those who are away, by key."""

    away: dict[int, Absence] = {}

    def label_from_instance(self, user):
        absence = self.away.get(user.pk)
        note = f"（{note_of(absence)}）" if absence else ""
        return f"{named(user)}（{whereabouts(user)}）{note}"


class ReferForm(forms.Form):
    """To which colleague of `by` a case goes, and with which note."""

    prefix = "refer"

    kind = forms.ChoiceField(
        label="怎样",
        choices=ReferralKind.choices,
        initial=ReferralKind.HAND_OVER,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择怎样转。", "invalid_choice": "请选择怎样转。"},
    )
    to = _Colleague(
        queryset=User.objects.none(),
        label="哪位同事",
        empty_label="请选择",
        error_messages={"required": "请选择一位同事。", "invalid_choice": "请选择一位同事。"},
    )
    note = forms.CharField(
        label="内部备注",
        help_text="只有审核后台看得到，申请人看不到。请同事看时要写明看什么。",
        required=False,
        max_length=MOST,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": f"最多 {MOST} 个字，请写得短一些。"},
    )

    def __init__(self, *args, by, at, **options):
        super().__init__(*args, **options)
        to: Any = self.fields["to"]
        to.queryset = reviewers().exclude(pk=by.pk)
        to.away = Absence.objects.by_user(to.queryset, at=at)

    def clean_to(self):
        colleague = self.cleaned_data["to"]
        absence = cast(_Colleague, self.fields["to"]).away.get(colleague.pk)
        if absence is not None:
            raise forms.ValidationError(
                f"{named(colleague)}{note_of(absence)}，请选另一位同事。", code="away"
            )
        return colleague

    def clean_note(self):
        note = self.cleaned_data["note"]
        if self.cleaned_data.get("kind") in WITH_ANSWER and not note:
            raise forms.ValidationError("请写明想请同事看什么。", code="required")
        return note


class AnswerColleagueForm(forms.Form):
    """`asked_at` says which question stood above the form: another one may have come since."""

    prefix = "answer_colleague"

    asked_at = forms.CharField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label="您的看法",
        help_text="只有审核后台看得到。",
        max_length=MOST,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "required": "请写明您的看法。",
            "max_length": f"最多 {MOST} 个字，请写得短一些。",
        },
    )
