from datetime import timedelta

from django import forms

from apps.common.moments import day_of
from apps.common.refusals import Refused
from apps.desk.claims.policies import check_day, last_day
from apps.desk.fields import LineField
from apps.typed_text.inputs import DayField


class PostponeForm(forms.Form):
    """Until which day a reviewer puts a case away, judged at the moment `at`."""

    prefix = "postpone"

    until_date = DayField(
        label="放到哪一天再办",
        error_messages={
            "required": "请选择放到哪一天再办。",
            "invalid": "日期不正确，请按 2026-11-30 的样子填写。",
        },
    )
    reason = LineField(
        label="原因",
        help_text="只有审核后台看得到，例如“等申请人回电话”。",
        asked="请写明为什么放到以后办。",
    )

    def __init__(self, *args, at, **options):
        super().__init__(*args, **options)
        self.at = at
        tomorrow = day_of(at) + timedelta(days=1)
        field = self.fields["until_date"]
        field.initial = tomorrow
        field.widget.attrs |= {"min": tomorrow.isoformat(), "max": last_day(at).isoformat()}

    def clean_until_date(self):
        day = self.cleaned_data["until_date"]
        try:
            check_day(day, at=self.at)
        except Refused as refusal:
            raise forms.ValidationError(refusal.message, code=refusal.code) from refusal
        return day
