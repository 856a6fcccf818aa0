from django import forms

from apps.roster.file import check_size
from apps.roster.xlsx import UnreadableRoster


class RosterUploadForm(forms.Form):
    file = forms.FileField(
        label="名册文件",
        help_text=".xlsx 或 CSV。第一行是表头，至少有工号、姓名、社会保障号码三列。",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
        error_messages={
            "required": "请选择名册文件。",
            "empty": "文件是空的，请重新选择。",
        },
    )
    is_complete = forms.BooleanField(
        label="这是全员名册：名册里没有的在职人员，按离职处理",
        help_text="只上传新进或变更人员时，不要勾选。",
        required=False,
    )

    def clean_file(self):
        """A file that is too big is not even read."""
        file = self.cleaned_data["file"]
        try:
            check_size(file.size)
        except UnreadableRoster as refusal:
            raise forms.ValidationError(refusal.message, code=refusal.code) from None
        return file


class ApplyForm(forms.Form):
    """`count` is typed where many people would leave."""

    count = forms.IntegerField(
        label="离职人数",
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": "请填写数字。"},
    )
