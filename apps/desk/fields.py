from django import forms


class LineField(forms.CharField):
    """One line that a member of the desk writes. `asked` is the sentence when it is missing."""

    def __init__(self, *, asked="请填写这一项。", attrs=None, **options):
        super().__init__(
            max_length=200,
            widget=forms.TextInput(attrs={"autocomplete": "off"} | (attrs or {})),
            error_messages={
                "required": asked,
                "max_length": "最多 200 个字，请写得短一些。",
            },
            **options,
        )
