from django import forms
from django.core.exceptions import ValidationError

MOMENT_FORMATS = [
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
]


class AgreedEndForm(forms.Form):
    """The end that the page showed, carried along with the confirmation."""

    ends_at = forms.DateTimeField(required=False, widget=forms.HiddenInput)


class MomentForm(forms.Form):
    """A moment in Beijing time, not later than `now`."""

    at = forms.DateTimeField(
        label="查询时刻（北京时间）",
        input_formats=MOMENT_FORMATS,
        widget=forms.DateTimeInput(
            format="%Y-%m-%dT%H:%M:%S", attrs={"type": "datetime-local", "step": "1"}
        ),
        error_messages={
            "required": "请填写要查询的时刻。",
            "invalid": "请按“2026-11-30 08:30”的格式填写时刻。",
        },
    )

    def __init__(self, *args, now, **kwargs):
        super().__init__(*args, **kwargs)
        self.now = now

    def clean_at(self):
        at = self.cleaned_data["at"]
        if at > self.now:
            raise ValidationError("只能查询已经过去的时刻。", code="future")
        return at
