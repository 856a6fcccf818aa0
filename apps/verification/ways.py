"""The two ways that the portal has itself. Both are always offered."""

from apps.common import masks
from apps.people.enums import ConsentKind
from apps.people.services import record_consent
from apps.verification import code_check, face_check, retention
from apps.verification.enums import CheckMethod
from apps.verification.forms import CodeForm, FaceForm
from apps.verification.pictures import open_upload
from apps.verification.registry import Way, register


def _compare(*, check, form, by, ip, at):
    # The consent is recorded before the picture is used.
    record_consent(user=by, holder=by.holder, kinds=[ConsentKind.FACE], ip=ip, at=at)
    picture = open_upload(form.cleaned_data["picture"])
    # One comparison for one picture: what did not pass is not sent again.
    form.fields["picture"].widget.let_go()
    face_check.submit_face(check=check, picture=picture, by=by, at=at)


def _tries(*, check, by, at):
    return {"tries_left": face_check.face_tries_left(by=by, at=at)}


def _type_in(*, check, form, by, ip, at):
    code_check.submit_code(check=check, **form.cleaned_data, by=by, at=at)


def _sent(*, check, by, at):
    return {
        "phone": by.holder.phone,
        "sent": code_check.last_good_code(check=check, at=at),
        "wait": code_check.seconds_until_next_code(check=check, at=at),
    }


FACE = register(
    Way(
        name=CheckMethod.FACE,
        label=CheckMethod.FACE.label,
        short="人脸",
        phrase="刷脸比对",
        takes="约半分钟",
        about=lambda check: "拍一张照片，与人事处留存的照片比对。",
        form=FaceForm,
        submit=_compare,
        template="verification/face.html",
        context=_tries,
        hindrance=face_check.face_hindrance,
        forget=retention.forget_face_tries,
    )
)
CODE = register(
    Way(
        name=CheckMethod.CODE,
        label=CheckMethod.CODE.label,
        short="短信验证码",
        phrase="手机验证码加登录密码",
        takes="约一分钟",
        about=lambda check: f"验证码发到您登记的手机 {masks.phone(check.by.holder.phone)}。",
        form=CodeForm,
        submit=_type_in,
        template="verification/code.html",
        context=_sent,
        forget=retention.forget_codes,
    )
)
