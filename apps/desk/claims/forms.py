from datetime import timedelta

from django import forms

from apps.common import moments
from apps.common.moments import day_of
from apps.common.refusals import Refused
from apps.common.templatetags.formats import moment
from apps.desk.claims.policies import check_day, last_day
from apps.desk.fields import LineField
from apps.typed_text.inputs import DayField


class PostponeForm(forms.Form):
    """Until which day a reviewer puts a case away, judged at the moment `at`.

    `status_since` is that of the case. The page carries it, so a case that has changed since the
    page was opened is shown first.
    """

    prefix = "postpone"

    seen_since = forms.CharField(required=False, widget=forms.HiddenInput)
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

    def __init__(self, *args, at, status_since, **options):
        super().__init__(*args, **options)
        self.at = at
        self.status_since = status_since
        self.fields["seen_since"].initial = status_since.isoformat()
        tomorrow = day_of(at) + timedelta(days=1)
        field = self.fields["until_date"]
        field.initial = tomorrow
        field.widget.attrs |= {"min": tomorrow.isoformat(), "max": last_day(at).isoformat()}

    def clean_seen_since(self):
        seen_since = moments.parse(self.cleaned_data["seen_since"])
        if seen_since is not None and seen_since != self.status_since:
            # The page that says so shows the case as it is now, and the next try is for that.
            now = {self.add_prefix("seen_since"): self.status_since.isoformat()}
            self.data = dict(self.data.items()) | now
            self.add_error(
                None,
                f"您打开页面之后，这件在 {moment(self.status_since)} 有了变化。"
                "请先看这一页现在的内容；仍要放到以后办的，再提交一次。",
            )
        return seen_since

    def clean_until_date(self):
        day = self.cleaned_data["until_date"]
        try:
            check_day(day, at=self.at)
        except Refused as refusal:
            raise forms.ValidationError(refusal.message, code=refusal.code) from refusal
        return day
