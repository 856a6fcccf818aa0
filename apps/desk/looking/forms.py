from django import forms

from apps.desk.fields import LineField


class DisclosureForm(forms.Form):
    """Why somebody needs to see full personal data. The reason is recorded with the look."""

    prefix = "disclosure"

    reason = LineField(
        label="查看原因",
        help_text="会和您的工号、查看时间一起记录。",
        asked="请写明查看完整信息的原因，会和您的工号一起记录。",
        attrs={"list": "disclosure-reasons"},
    )
