"""What is typed and chosen at the bureau's desk."""

from typing import cast

from django import forms
from django.conf import settings

from apps.bureau.adapters.report_file import MAX_LINE
from apps.bureau.models import ProductionOrder
from apps.common.rules import rule_text
from apps.desk.fields import LineField
from apps.unsent.held_uploads import HeldDocumentInput, HeldFileField


class BureauUploadForm(forms.Form):
    file = HeldFileField(
        label="回盘文件",
        help_text="与目录交换的格式相同：CSV，UTF-8，第一行是表头；"
        f"不超过 {rule_text('REPORT_UPLOAD_MAX_BYTES')}。",
        widget=HeldDocumentInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={"required": "请选择制卡中心给的回盘文件。"},
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > settings.REPORT_UPLOAD_MAX_BYTES:
            raise forms.ValidationError(
                f"文件超过 {rule_text('REPORT_UPLOAD_MAX_BYTES')}，请分成几个文件，"
                "或请制卡中心放进交换目录。",
                code="too_large",
            )
        return file


class LookForm(forms.Form):
    prefix = "look"

    reason = LineField(
        label="查看原因",
        help_text="会和您的工号、查看时间一起记录。",
        asked="请写明查看原文的原因，会和您的工号一起记录。",
    )


class CorrectForm(forms.Form):
    prefix = "correct"

    content = forms.CharField(
        label="改正后的一行",
        help_text="一行八栏，用半角逗号分开，顺序与表头相同。",
        max_length=MAX_LINE,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        error_messages={"required": "请写出改正后的一行。"},
    )


class ReleaseManyForm(forms.Form):
    """The orders on hold that are sent on together; `references` are those of the page.

    One that was sent on meanwhile may still be chosen: it is left, and counted.
    """

    orders = forms.MultipleChoiceField(
        label="重新送制的制卡单",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "请勾选要重新送制的制卡单。",
            "invalid_choice": "有的制卡单已经不在这里，请重新勾选。",
            "invalid_list": "请勾选要重新送制的制卡单。",
        },
    )

    def __init__(self, *args, references, **options):
        super().__init__(*args, **options)
        posted = self.fields["orders"].widget.value_from_datadict(self.data, {}, "orders") or []
        # What is no reference is not looked for: PostgreSQL takes no NUL.
        others = {one for one in posted if one.isalnum()} - set(references)
        gone = ProductionOrder.objects.filter(reference__in=others)
        known = [*references, *gone.values_list("reference", flat=True)]
        cast(forms.MultipleChoiceField, self.fields["orders"]).choices = [
            (reference, reference) for reference in known
        ]


class SendBackForm(forms.Form):
    prefix = "back"

    reason = LineField(
        label="退回的原因",
        help_text="审核人和申请人会看到，例如“照片文件损坏，请重新上传”。请不要写个人信息。",
        asked="请写明为什么退回审核，审核人和申请人会看到这段话。",
    )


class DismissReportForm(forms.Form):
    prefix = "dismiss"

    reason = LineField(
        label="不再登记的原因",
        help_text="例如“已向制卡中心核实，以先收到的一条为准”。请不要写个人信息。",
        asked="请写明为什么不再登记这一条。",
    )


class DismissForm(forms.Form):
    prefix = "dismiss"

    reason = LineField(
        label="不再处理的原因",
        help_text="例如“制卡中心已用另一行更正”。请不要写个人信息。",
        asked="请写明为什么不再处理这一行。",
    )
