from django import forms
from django.conf import settings

from apps.common.later import later
from apps.common.rules import rule_text
from apps.roster.locating import check_size
from apps.roster.rows import ONLINE_COLUMNS
from apps.sheets.cells import UnreadableSheet
from apps.staff_photos.enums import PhotoPurpose
from apps.unsent.held_uploads import HeldDocumentInput, HeldFileField
from apps.unsent.uploads import UploadField
from apps.verification.pictures import FORMATS

openpyxl = later("openpyxl")


class RosterUploadForm(forms.Form):
    file = HeldFileField(
        label="名册文件",
        help_text=".xlsx、.xls 或 CSV。要有一行表头，至少有工号、姓名、社会保障号码三列；"
        "叫法不同的，上传后可以逐列对应。",
        widget=HeldDocumentInput(attrs={"accept": ".xlsx,.xls,.csv,.txt"}),
        error_messages={"required": "请选择名册文件。"},
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
        except UnreadableSheet as refusal:
            raise forms.ValidationError(refusal.message, code=refusal.code) from None
        return file


class PhotosForm(forms.Form):
    """An archive of photos, and what they are for."""

    purpose = forms.TypedChoiceField(
        label="这些照片用来做什么",
        choices=PhotoPurpose.choices,
        coerce=PhotoPurpose,
        initial=PhotoPurpose.REFERENCE,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择这些照片用来做什么。"},
    )
    file = UploadField(
        label="照片压缩包（zip）",
        help_text=f"照片以工号或社会保障号码命名，可以再加姓名，{FORMATS}。一个压缩包最多 "
        f"{settings.PHOTO_ARCHIVE_MAX_PICTURES} 张、{rule_text('PHOTO_ARCHIVE_MAX_BYTES')}。",
        widget=forms.FileInput(attrs={"accept": ".zip"}),
        error_messages={"required": "请选择照片压缩包。"},
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > settings.PHOTO_ARCHIVE_MAX_BYTES:
            raise forms.ValidationError(
                f"压缩包超过 {rule_text('PHOTO_ARCHIVE_MAX_BYTES')}，请分成几个。", code="size"
            )
        return file


class ColumnsForm(forms.Form):
    """One choice for each column of a file whose `headings.Headings` are `head`.

    `samples` are the values of the first rows, column by column, covered.
    """

    def __init__(self, *args, head, samples, **kwargs):
        super().__init__(*args, **kwargs)
        ours = [("", "不用这一列")] + [(column, column) for column in ONLINE_COLUMNS]
        places = zip(head.texts, head.columns, samples, strict=True)
        for place, (text, column, values) in enumerate(places, start=1):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=text or f"第 {openpyxl.utils.get_column_letter(place)} 列（没有表头）",
                choices=ours,
                initial=column,
                required=False,
                help_text="，".join(values),
            )

    @property
    def columns(self):
        """The chosen column, or "", of each heading."""
        return [self.cleaned_data[name] for name in self.fields]


class ApplyForm(forms.Form):
    """`count` is typed where many people would leave."""

    count = forms.IntegerField(
        label="离职人数",
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": "请填写数字。"},
    )
