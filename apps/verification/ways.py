"""The ways that the portal has itself. Where a face is offered, so is the code."""

from apps.common.visibility import shown
from apps.limits.enums import UploadKind
from apps.limits.services import count_upload
from apps.people.enums import ConsentKind
from apps.people.services import record_consent
from apps.verification import code_check, face_check, policies, recent, retention
from apps.verification.enums import CheckMethod, CheckOutcome
from apps.verification.forms import CodeForm, FaceForm, NothingForm
from apps.verification.pictures import open_upload
from apps.verification.registry import Way, register
from apps.verification.services import decide


def _compare(*, check, form, by, ip, at):
    # The consent is recorded before the picture is used.
    record_consent(user=by, holder=by.holder, kinds=[ConsentKind.FACE], ip=ip, at=at)
    count_upload(kind=UploadKind.PICTURE, by=by, at=at)
    picture = open_upload(form.cleaned_data["picture"])
    # One comparison for one picture: what did not pass is not sent again.
    form.fields["picture"].widget.let_go()
    face_check.submit_face(check=check, picture=picture, by=by, at=at)


def _tries(*, check, by, at):
    return {
        "tries_left": face_check.face_tries_left(by=by, at=at),
        "is_reviewed": policies.leaves_doubt_to_a_reviewer(check),
    }


def _type_in(*, check, form, by, ip, at):
    typed = form.cleaned_data
    code_check.submit_code(
        check=check, code=typed["code"], password=typed.get("password"), by=by, at=at
    )


def _sent(*, check, by, at):
    return {
        "phone": by.holder.phone,
        "sent": code_check.last_good_code(check=check, at=at),
        "wait": code_check.seconds_until_next_code(check=check, at=at),
    }


def _vouch(*, check, form, by, ip, at):
    policies.check_open(check=check, by=by, at=at)
    outcome, method = CheckOutcome.PASSED, CheckMethod.SECOND_FACTOR
    decide(check=check, outcome=outcome, method=method, score=check.score, at=at)


CODE = register(
    Way(
        name=CheckMethod.CODE,
        label=CheckMethod.CODE.label,
        short="短信验证码",
        phrase="手机验证码加登录密码",
        icon="message",
        about=lambda check: (
            f"验证码发到您登记的手机 {shown(check.by.holder.phone, 'page.phone')}。"
        ),
        form=CodeForm,
        submit=_type_in,
        field="code",
        template="verification/ways/code.html",
        context=_sent,
        hindrance=code_check.code_hindrance,
        forget=retention.forget_codes,
    )
)
FACE = register(
    Way(
        name=CheckMethod.FACE,
        label=CheckMethod.FACE.label,
        short="刷脸",
        phrase="刷脸比对",
        icon="portrait",
        about=lambda check: "拍一张照片，与人事处留存的照片比对。",
        form=FaceForm,
        submit=_compare,
        field="picture",
        template="verification/ways/face.html",
        context=_tries,
        suits=policies.takes_a_face,
        hindrance=face_check.face_hindrance,
        forget=retention.forget_face_tries,
    )
)
# Nothing is asked: it was used when its owner signed in, or a short while ago.
SECOND_FACTOR = register(
    Way(
        name=CheckMethod.SECOND_FACTOR,
        label=CheckMethod.SECOND_FACTOR.label,
        short="两步验证",
        phrase="",
        about=lambda check: "刚才用两步验证证明过是您本人。",
        form=NothingForm,
        submit=_vouch,
        was_gone_lately=recent.second_factor_was_given,
    )
)
