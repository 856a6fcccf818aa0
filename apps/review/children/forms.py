from functools import partial

from django import forms

from apps.phrasebook import book
from apps.phrasebook.models import GUARDIANSHIP
from apps.phrasebook.widgets import ReasonArea


class RefusalForm(forms.Form):
    reason = forms.CharField(
        label="不确认的原因",
        help_text="登记人会看到这段话，请写清缺什么、怎样补好。",
        max_length=300,
        widget=ReasonArea(phrases=partial(book.texts, GUARDIANSHIP), attrs={"rows": 3}),
        error_messages={"required": "请写明为什么不确认，登记人会看到这段话。"},
    )
