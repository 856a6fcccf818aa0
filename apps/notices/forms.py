from typing import Any

from django import forms

from apps.notices import preferences
from apps.notices.enums import MessageWay


class WayForm(forms.Form):
    way = forms.TypedChoiceField(
        label="除站内消息外，怎样通知您",
        widget=forms.RadioSelect,
        coerce=MessageWay,
        error_messages={"required": "请选一种方式。", "invalid_choice": "请在列出的方式里选一种。"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field: Any = self.fields["way"]
        field.choices = [(way.value, way.label) for way in preferences.offered()]
