import re

from django import forms

from apps.saved_lists.models import NAME_LENGTH

# A shared name is read by colleagues and stands in the book: no number of a person in it.
_NUMBER = re.compile(r"\d{5,}")


class ListForm(forms.Form):
    """The name of a list; whether it is shared, for those who may share (`may_share`)."""

    title = forms.CharField(
        label="名称",
        help_text="例如“数学学院的补领”。不要写姓名和号码。",
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "请给这个列表起个名称。",
            "max_length": f"最多 {NAME_LENGTH} 个字，请写得短一些。",
        },
    )
    is_shared = forms.BooleanField(label="给全组用", required=False)

    def __init__(self, *args, may_share, **options):
        super().__init__(*args, **options)
        if not may_share:
            del self.fields["is_shared"]

    def clean_title(self):
        title = self.cleaned_data["title"]
        if _NUMBER.search(title):
            raise forms.ValidationError("名称里不要写号码。", code="number")
        return title

    @property
    def is_sharing(self):
        return self.cleaned_data.get("is_shared", False)


class NewListForm(ListForm):
    is_first = forms.BooleanField(label="以后打开申请审核，先看这个列表", required=False)
