from django import forms
from django.conf import settings

from apps.common.rules import rule_text
from apps.typed_text.inputs import CompactField
from apps.unsent.held_uploads import HeldFileField, HeldFileInput
from apps.verification.pictures import ACCEPT, FORMATS, compact


class FaceForm(forms.Form):
    consent = forms.BooleanField(
        label="我单独同意本次采集我的人脸照片，只用于与留存照片比对，比对后立即删除",
        error_messages={"required": "人脸核验要先勾选同意；不同意的话，请使用短信验证码核验。"},
    )
    picture = HeldFileField(
        label="选择文件",
        help_text=f"{FORMATS}，不超过 {rule_text('PICTURE_MAX_BYTES')}；手机上会直接打开前置摄像头",
        allow_empty_file=True,  # pictures.open_upload says it better.
        widget=HeldFileInput(
            attrs={"accept": ACCEPT, "capture": "user"},
            compact=compact,
        ),
        error_messages={"required": "请先拍一张照片，或选择一张照片。"},
    )


class NothingForm(forms.Form):
    """Of a way in which nothing is asked."""


class CodeForm(forms.Form):
    code = CompactField(
        rf"\A[0-9]{{{settings.CODE_DIGITS}}}\Z",
        label="短信验证码",
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "data-code-boxes": settings.CODE_DIGITS,
            }
        ),
        error_messages={
            "required": f"请填写短信里的 {rule_text('CODE_DIGITS', gap=' ')}验证码。",
            "invalid": f"验证码是 {rule_text('CODE_DIGITS', gap=' ')}数字，请对照短信重新填写。",
        },
    )
    password = forms.CharField(
        label="登录密码",
        help_text="就是您登录本系统的密码",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "请填写登录密码。"},
    )
