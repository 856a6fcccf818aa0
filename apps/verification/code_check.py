"""短信验证码和密码: a code to the registered phone, and the password of the account."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac

from apps.common.leases import is_within
from apps.common.messaging import SendFailed, SmsKind, WrongPhone, send_sms
from apps.common.rules import rule_text
from apps.common.templatetags.formats import moment
from apps.events.messages import say
from apps.people.models import Holder, User
from apps.verification.enums import CheckMethod, CheckOutcome
from apps.verification.messages import CODE
from apps.verification.models import OneTimeCode
from apps.verification.policies import check_open, new_phone_waits_until
from apps.verification.refusals import CheckRefused
from apps.verification.services import decide

NO_PHONE = "您的账户没有登记手机号，收不到验证码。请联系人事处登记。"
WRONG_NUMBER = "短信平台不收您登记的手机号，再试也收不到验证码。请联系人事处更正手机号。"
HOUR = timedelta(hours=1)


def code_hindrance(*, check, at):
    """Why no code can be sent for `check`, as a sentence; None when it can."""
    if not check.by.holder.phone:
        return NO_PHONE
    until = new_phone_waits_until(check=check, at=at)
    return until and _too_new(until)


def send_code(*, check, by, at):
    """Send a new code to the registered phone of `by`. Codes sent before for the same matter
    become invalid.

    Raises `CheckRefused` (no_phone, new_phone, too_soon, too_many_codes, wrong_number,
    not_sent, not_open).
    """
    check_open(check=check, by=by, at=at)
    holder = _holder(by)
    phone = holder.phone
    if not phone:
        raise CheckRefused(NO_PHONE, code="no_phone")
    if until := new_phone_waits_until(check=check, at=at):
        raise CheckRefused(_too_new(until), code="new_phone")
    digits = f"{secrets.randbelow(10**settings.CODE_DIGITS):0{settings.CODE_DIGITS}d}"
    code = _new_code(check, digits, holder.phone_index, by=by, at=at)
    try:
        said = say(
            CODE, at=at, parts={"code": digits}, code=digits, purpose=check.get_purpose_display()
        )
        send_sms(phone=phone, kind=SmsKind.CODE, **said.by_sms)
    except WrongPhone as error:
        code.delete()
        raise CheckRefused(WRONG_NUMBER, code="wrong_number") from error
    except SendFailed as error:
        code.delete()
        raise CheckRefused("短信没有发出去，请稍后再试。", code="not_sent") from error
    return code


def last_good_code(*, check, at):
    """The code that was sent last for the matter of `check`, if it can be typed in at `at`."""
    codes = OneTimeCode.objects.for_matter_of(check)
    return _last(codes.good(phone_index=_holder(check.by).phone_index, at=at))


def seconds_until_next_code(*, check, at):
    """How many seconds to wait before another code is sent for the matter of `check`; 0 if none.

    One waits only while there is a code that can be typed in.
    """
    last = last_good_code(check=check, at=at)
    if last is None or not is_within(settings.CODE_WAIT, last.created_at, at):
        return 0
    return max(0, int((last.created_at + settings.CODE_WAIT - at).total_seconds() + 0.999))


def submit_code(*, check, code, password, by, at):
    """Pass `check` with the latest code that was sent for its matter, and the password of `by`.

    `password` is None where it was given a short while ago (`recent.password_was_given`). Every
    call uses up one try of the code, whether the code or the password was wrong, and the answer
    does not say which. So the password cannot be guessed from a stolen session. Raises
    `CheckRefused` (no_code, phone_changed, expired, used_up, wrong, not_open).
    """
    check_open(check=check, by=by, at=at)
    sent = _last(OneTimeCode.objects.for_matter_of(check))
    if sent is None or sent.used_at is not None:
        raise CheckRefused("请先获取验证码。", code="no_code")
    if sent.phone_index != _holder(by).phone_index:
        raise _phone_changed()
    if at >= sent.expires_at:
        raise CheckRefused("验证码已过期，请重新获取。", code="expired")
    taken = OneTimeCode.objects.filter(pk=sent.pk, tries__lt=settings.CODE_TRIES).update(
        tries=F("tries") + 1
    )
    if not taken:
        raise CheckRefused("验证码输错次数太多，已作废，请重新获取。", code="used_up")
    is_right = constant_time_compare(sent.digest, _digest(check, code, sent.phone_index))
    # Both are always compared, so that the time of the answer does not tell which was wrong.
    knows_password = password is None or by.check_password(password)
    if not (knows_password and is_right):
        left = max(0, settings.CODE_TRIES - sent.tries - 1)
        chance = f"还可以再试 {left} 次。" if left else "这个验证码已作废，请重新获取。"
        what = "验证码" if password is None else "验证码或登录密码"
        raise CheckRefused(f"{what}不正确，{chance}", code="wrong")
    with transaction.atomic():
        # Read again: comparing a password takes long, and HR may change the phone in between.
        if _holder(by).phone_index != sent.phone_index:
            raise _phone_changed()
        if OneTimeCode.objects.filter(pk=sent.pk, used_at=None).update(used_at=at):
            decide(
                check=check,
                outcome=CheckOutcome.PASSED,
                method=CheckMethod.CODE,
                score=check.score,
                at=at,
            )


def _last(codes):
    return codes.order_by("-pk").first()


def _holder(user):
    """The holder of `user` as it is now: the one in memory may be older than its phone."""
    return Holder.objects.get(user=user)


def _too_new(until):
    return (
        "您登记的手机号刚变更，为了防止被人冒用，发到新号码的验证码要到 "
        f"{moment(until)} 以后才能办这件事。请到时再办，或用两步验证。"
    )


def _phone_changed():
    return CheckRefused(
        "您登记的手机号已经变更，发到原来号码的验证码作废。请重新获取，验证码会发到新号码。",
        code="phone_changed",
    )


def _new_code(check, digits, phone_index, *, by, at):
    with transaction.atomic():
        # One caller at a time for each account: the second click finds the code of the first.
        # (SQLite has no row locks; there the transaction itself keeps the others out.)
        User.objects.select_for_update().get(pk=by.pk)
        wait = seconds_until_next_code(check=check, at=at)
        if wait:
            raise CheckRefused(
                f"验证码每{rule_text('CODE_WAIT')}只发一次，请 {wait} 秒后再获取。", code="too_soon"
            )
        if OneTimeCode.objects.sent_to(by, since=at - HOUR).count() >= settings.CODES_PER_HOUR:
            raise CheckRefused("验证码获取得太频繁，请一小时后再试。", code="too_many_codes")
        return OneTimeCode.objects.create(
            of_check=check,
            phone_index=phone_index,
            digest=_digest(check, digits, phone_index),
            created_at=at,
            expires_at=at + settings.CODE_LIFETIME,
        )


def _digest(check, code, phone_index):
    """The code's hash, keyed with SECRET_KEY, the matter of `check` and the phone."""
    matter = (check.by_id, check.holder_id, check.purpose, check.card_request_id, phone_index)
    salt = f"verification.one-time-code.{'.'.join(map(str, matter))}"
    return salted_hmac(salt, code, algorithm="sha256").hexdigest()
