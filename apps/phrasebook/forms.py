from django import forms

from apps.phrasebook.models import Phrase

MAX_LENGTH = Phrase._meta.get_field("text").max_length


class PhraseForm(forms.Form):
    action: str  # where it is posted, on a page with several of them

    text = forms.CharField(
        label="内容",
        help_text="申请人会读到原话：写清哪里不对、怎样改。不要写进任何人的姓名和号码。",
        max_length=MAX_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": "请填写这句话的内容。",
            "max_length": f"最多 {MAX_LENGTH} 个字，请缩短。",
        },
    )
