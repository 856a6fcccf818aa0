"""The three decisions. Each carries `status_since` as the reviewer's page showed it."""

from functools import partial
from typing import Any

from django import forms
from django.conf import settings

from apps.common import moments
from apps.common.working_days import add_working_days
from apps.phrasebook import book
from apps.phrasebook.models import REJECTION
from apps.phrasebook.widgets import ReasonArea, ReasonInput
from apps.requests import registry
from apps.requests.particulars import topics_of
from apps.typed_text.inputs import DayField

# Shown in the preview in place of a reason that is not typed yet.
UNSAID = "……"


class DecisionForm(forms.Form):
    status_since = forms.CharField(
        widget=forms.HiddenInput,
        error_messages={"required": "页面已过期，请重新打开这件申请再作决定。"},
    )

    def __init__(self, *args, card_request, at, **options):
        super().__init__(*args, **options)
        self.card_request = card_request
        self.at = at

    def clean_status_since(self):
        moment = moments.parse(self.cleaned_data["status_since"])
        if moment is None:
            raise forms.ValidationError("页面已过期，请重新打开这件申请再作决定。", code="stale")
        return moment

    def decision(self) -> dict[str, Any]:
        """The arguments of the service, apart from who and when."""
        return {"seen_since": self.cleaned_data["status_since"], **self.what()}

    def what(self) -> dict[str, Any]:
        """The arguments of the decision itself, without `seen_since`."""
        return {}

    def so_far(self) -> dict[str, Any]:
        """The arguments for the preview, from a form that may be incomplete."""
        return {}


class AnswerForm(forms.Form):
    """The answer to an applicant who asked for a change."""

    prefix = "answer"

    text = forms.CharField(
        label="答复",
        help_text="申请人会收到这段话。还来得及改的，请用「退回修改」或「撤回审核通过」，不用另外答复。",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "请写明答复，申请人会看到这段话。"},
    )


class ApproveForm(DecisionForm):
    prefix = "approve"


class RejectForm(DecisionForm):
    prefix = "reject"

    reason = forms.CharField(
        label="不通过的原因",
        help_text="申请人会看到这段话，请写清为什么不通过、以后怎样办理。",
        max_length=500,
        widget=ReasonArea(phrases=partial(book.texts, REJECTION), attrs={"rows": 4}),
        error_messages={"required": "请写明不通过的原因，申请人会看到这段话。"},
    )

    def what(self):
        return {"reason": self.cleaned_data["reason"]}

    def so_far(self):
        return {"reason": self.cleaned_data.get("reason", "") or UNSAID}


class AmendmentForm(DecisionForm):
    """A tick and a reason for each topic that the applicant can change, and a last day."""

    prefix = "amend"

    due_date = DayField(
        label="最晚哪天改好",
        error_messages={
            "required": "请选择请申请人修改的最后一天。",
            "invalid": "日期不正确，请按 2026-11-30 的样子填写。",
        },
    )

    def __init__(self, *args, card_request, at, **options):
        due = add_working_days(moments.day_of(at), settings.AMENDMENT_WORKING_DAYS)
        super().__init__(
            *args, card_request=card_request, at=at, initial={"due_date": due}, **options
        )
        self.topics = self.offered()
        phrases = book.by_topic(self.topics)
        for name in self.topics:
            label = registry.get(name).label
            self.fields[f"ask_{name}"] = forms.BooleanField(label=label, required=False)
            self.fields[f"reason_{name}"] = forms.CharField(
                label=f"{label}需要修改的原因",
                required=False,
                max_length=200,
                widget=ReasonInput(
                    phrases=partial(phrases.get, name, ()),
                    attrs={"placeholder": "原因，申请人会看到"},
                ),
            )

    def offered(self):
        """The topics that the form of this applicant has."""
        return topics_of(self.card_request.particulars, at=self.at)

    def rows(self):
        """Tick and reason of each topic, for the template."""
        return [
            {"name": name, "ask": self[f"ask_{name}"], "reason": self[f"reason_{name}"]}
            for name in self.topics
        ]

    def clean_due_date(self):
        day = self.cleaned_data["due_date"]
        if day <= moments.day_of(self.at):
            raise forms.ValidationError("最后一天应在今天之后，请给申请人留出时间。", code="past")
        return day

    def clean(self):
        super().clean()
        data = self.cleaned_data
        asked = False
        for name in self.topics:
            label = registry.get(name).label
            ticked, reason = data.get(f"ask_{name}"), data.get(f"reason_{name}")
            asked = asked or bool(ticked)
            if f"reason_{name}" in self.errors:
                continue
            if ticked and not reason:
                self.add_error(f"reason_{name}", f"请写明「{label}」需要修改的原因。")
            elif reason and not ticked:
                self.add_error(f"ask_{name}", f"「{label}」写了原因但没有勾选，请勾选或清空原因。")
        if not asked and not self.errors:
            raise forms.ValidationError("请至少勾选一项需要修改的内容。", code="nothing_asked")
        return data

    def what(self):
        data = self.cleaned_data
        items = [
            {"field": name, "reason": data[f"reason_{name}"]}
            for name in self.topics
            if data[f"ask_{name}"]
        ]
        return {"items": items, "due_date": data["due_date"]}

    def so_far(self):
        data = self.cleaned_data
        items = [
            {"field": name, "reason": data.get(f"reason_{name}") or UNSAID}
            for name in self.topics
            if data.get(f"ask_{name}")
        ]
        return {"items": items, "due_date": data.get("due_date")}
