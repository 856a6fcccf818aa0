"""Which of the rows that were given up are meant, and why some are set aside."""

from typing import Any

from django import forms

SET_ASIDE = "set_aside"


class GivenUpForm(forms.Form):
    """The rows of `kind` (a GivenUpKind) that were ticked, and which button was pressed."""

    data: Any  # a QueryDict
    cleaned_data: dict[str, Any]
    rows = forms.TypedMultipleChoiceField(
        label="选择",
        coerce=int,
        error_messages={"required": "请先勾选要处理的。", "invalid_choice": "请刷新页面再选。"},
    )
    reason = forms.CharField(label="不再重试的原因", required=False, max_length=200)

    def __init__(self, *args, kind, **kwargs):
        super().__init__(*args, **kwargs)
        self.auto_id = f"{kind.key}_%s"
        self.kind = kind
        if self.is_bound:
            # Also rows that somebody else has handled by now: the page says so afterwards.
            ticked = [key for key in self.data.getlist("rows") if key.isascii() and key.isdigit()]
            field: Any = self.fields["rows"]
            field.choices = [(key, key) for key in ticked if len(key) < 19]

    @property
    def is_set_aside(self):
        return self.data.get("do") == SET_ASIDE

    @property
    def ticked(self):
        return set(self.data.getlist("rows")) if self.is_bound else set()

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        if self.is_set_aside and not cleaned.get("reason", "").strip():
            self.add_error("reason", "请写明为什么不再重试。")
        return cleaned
