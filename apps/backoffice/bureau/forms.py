"""What is typed and chosen at the bureau's desk."""

from django import forms
from django.conf import settings

from apps.bureau.adapters.report_file import MAX_LINE
from apps.common.rules import rule_text


class BureauUploadForm(forms.Form):
    file = forms.FileField(
        label="回盘文件",
        help_text="与目录交换的格式相同：CSV，UTF-8，第一行是表头；"
        f"不超过 {rule_text('REPORT_UPLOAD_MAX_BYTES')}。",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={
            "required": "请选择制卡中心给的回盘文件。",
            "empty": "这个文件是空的，请重新选择。",
            "invalid": "没有收到文件，请重新选择。",
        },
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

    reason = forms.CharField(
        label="查看原因",
        help_text="会和您的工号、查看时间一起记录。",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "请写明查看原文的原因，会和您的工号一起记录。"},
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


class SendBackForm(forms.Form):
    prefix = "back"

    reason = forms.CharField(
        label="退回的原因",
        help_text="审核人和申请人会看到，例如“照片文件损坏，请重新上传”。请不要写个人信息。",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "请写明为什么退回审核，审核人和申请人会看到这段话。"},
    )


class DismissReportForm(forms.Form):
    prefix = "dismiss"

    reason = forms.CharField(
        label="不再登记的原因",
        help_text="例如“已向制卡中心核实，以先收到的一条为准”。请不要写个人信息。",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "请写明为什么不再登记这一条。"},
    )


class DismissForm(forms.Form):
    prefix = "dismiss"

    reason = forms.CharField(
        label="不再处理的原因",
        help_text="例如“制卡中心已用另一行更正”。请不要写个人信息。",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "请写明为什么不再处理这一行。"},
    )
