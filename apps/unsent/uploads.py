"""A file input that says what happened to a file that did not arrive whole.

Browsers show a file that was chosen and lost on its way as if nothing had been chosen. Whether the
request was cut is known (`upload_handlers`), so the field does not ask for what the person has
done, and says what to do.
"""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict

from apps.unsent import scanning

EMPTY = "这个文件是空的（0 字节），可能没有保存好。请打开看看，保存好以后再选一次。"
_CUT = (
    "文件没有传完整，可能是网络中途断了，这一次什么都没有保存。"
    "请再选一次文件，看一看其他内容，重新提交。"
)


class CutFiles(MultiValueDict):
    """The files of a request that ended in the middle."""


class UploadField(forms.FileField):
    """Every file that people send. Messages: `required` if nothing was chosen."""

    default_error_messages = {
        "invalid": "没有收到文件，请重新选择。",
        "missing": "没有收到文件，请重新选择。",
        "empty": EMPTY,
    }

    def _clean_bound_field(self, bound):
        """What Django calls for each field; a held file needs no upload."""
        if isinstance(bound.form.files, CutFiles) and not self.is_held(bound):
            raise ValidationError(_CUT, code="cut")
        return super()._clean_bound_field(bound)  # type: ignore[misc]

    def to_python(self, data):
        file = super().to_python(data)
        if file is not None:
            scanning.check(file)
        return file

    def is_held(self, bound):
        """Whether the page carried the file along, so that none had to be sent again."""
        return False
