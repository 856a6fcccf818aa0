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

    wants_reminders = forms.BooleanField(
        label="没办完的事提醒我",
        required=False,
        help_text="例如申请填了一半、卡寄出了没有确认收到。缴费、修改信息和挂失到期这类"
        "不办会作废的，不管选不选都会提醒。",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field: Any = self.fields["way"]
        field.choices = [(way.value, way.label) for way in preferences.offered()]
