from django import forms

CORRECTED, DECLINED = "corrected", "declined"


class CorrectionAnswerForm(forms.Form):
    """The answer to a correction, and whether the entry was put right."""

    result = forms.ChoiceField(
        label="办得怎样",
        choices=[(CORRECTED, "已经更正"), (DECLINED, "不更正，写明原因")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择办得怎样。"},
    )
    text = forms.CharField(
        label="答复",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="本人会看到这段话，也会收到短信。请不要写进完整的号码。",
        error_messages={"required": "请写明答复，本人会看到这段话。"},
    )

    @property
    def is_corrected(self):
        return self.cleaned_data["result"] == CORRECTED
