"""Each decision carries the moment since which the card was as the reviewer's page showed it."""

from functools import partial

from django import forms

from apps.common import moments
from apps.phrasebook import book
from apps.phrasebook.models import FORMAL_LOSS
from apps.phrasebook.widgets import ReasonArea


class LossDecisionForm(forms.Form):
    seen_since = forms.CharField(
        widget=forms.HiddenInput,
        error_messages={"required": "页面已过期，请重新打开这件正式挂失再作决定。"},
    )

    def clean_seen_since(self):
        moment = moments.parse(self.cleaned_data["seen_since"])
        if moment is None:
            raise forms.ValidationError(
                "页面已过期，请重新打开这件正式挂失再作决定。", code="stale"
            )
        return moment


class LossConfirmForm(LossDecisionForm):
    prefix = "confirm"


class LossReasonForm(LossDecisionForm):
    reason = forms.CharField(max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class LossRefuseForm(LossReasonForm):
    prefix = "refuse"

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        reason = self.fields["reason"]
        reason.label = "不确认的原因"
        reason.widget = ReasonArea(
            phrases=partial(book.texts, FORMAL_LOSS), attrs=reason.widget.attrs
        )
        reason.help_text = "登记人会看到这段话，请写清为什么、可以怎样办理。"
        reason.error_messages["required"] = "请写明为什么不确认，登记人会看到这段话。"


class LossWithdrawForm(LossReasonForm):
    prefix = "withdraw"

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        reason = self.fields["reason"]
        reason.label = "撤销的原因"
        reason.help_text = "持卡人会看到这段话，例如“本人到窗口出示了找到的社保卡”。"
        reason.error_messages["required"] = "请写明撤销正式挂失的原因，持卡人会看到这段话。"
