"""A way to prove who one is: the code of one's authenticator app, or a recovery code."""

from allauth.mfa.models import Authenticator

from apps.account.second_factor.forms import CheckForm
from apps.account.second_factor.services import use_code
from apps.verification.enums import CheckOutcome
from apps.verification.policies import check_open
from apps.verification.registry import Way, register
from apps.verification.services import decide

NAME = "AUTHENTICATOR"


def _has_app(check):
    apps = Authenticator.objects.filter(user=check.by_id, type=Authenticator.Type.TOTP)
    return apps.exists()


def _type_in(*, check, form, by, ip, at):
    check_open(check=check, by=by, at=at)
    use_code(code=form.cleaned_data["code"], by=by, at=at)
    decide(check=check, outcome=CheckOutcome.PASSED, method=NAME, score=check.score, at=at)


AUTHENTICATOR = register(
    Way(
        name=NAME,
        label="两步验证码",
        short="验证器",
        phrase="验证器里的数字",
        about=lambda check: "打开手机上的验证器，输入现在显示的数字。",
        form=CheckForm,
        submit=_type_in,
        field="code",
        suits=_has_app,
    )
)
