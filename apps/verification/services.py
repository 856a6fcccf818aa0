"""The identity check from its beginning to its use.

Neither a comparison of faces, nor a message, nor the hash of a password happens in a transaction:
each step is written on its own, by compare-and-swap, before and after the slow part.
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme
from PIL import Image, ImageOps

from apps.cards.permissions import role_of
from apps.common.messaging import SendFailed, send_sms
from apps.common.rules import rule_text
from apps.events.enums import Channel, Role
from apps.lifecycle import engine
from apps.lifecycle.refusals import NotAllowed
from apps.people.models import User
from apps.requests.models import Particulars
from apps.verification import providers
from apps.verification.enums import GOOD, CheckAction, Likeness, Method, Outcome
from apps.verification.models import Check, FaceTry, OneTimeCode
from apps.verification.refusals import CheckRefused

HOUR = timedelta(hours=1)

_FACE_PASSED = {Likeness.SIMILAR: Outcome.PASSED, Likeness.UNCERTAIN: Outcome.UNCERTAIN}
_FACE_REFUSED = {
    Likeness.DIFFERENT: "照片与留存照片不够相似。请摘下口罩和帽子，在明亮处正对镜头再拍一次，"
    "或改用短信验证码。",
    Likeness.NO_FACE: "照片里没有找到人脸。请让脸部占画面的三分之一以上，正对镜头再拍一次。",
    Likeness.MANY_FACES: "照片里不止一张人脸。请只留您一个人在画面里，再拍一次。",
    Likeness.NO_REFERENCE: "留存的照片里找不到可比对的人脸，请改用短信验证码核验，"
    "并请人事处更换您的照片。",
}


@transaction.atomic
def begin(*, holder, by, purpose, request, next_url, at):
    """A new `Check` of `by`, who acts for `holder`; after it is passed, on to `next_url`.

    `request` may be None; `next_url` is a path of this portal. Raises `NotYours`.
    """
    role = role_of(by, holder, at=at)
    if not next_url.startswith("/") or not url_has_allowed_host_and_scheme(next_url, None):
        raise ValueError("next_url must be a path of this portal")
    check = Check(
        holder=holder,
        by=by,
        purpose=purpose,
        request=request,
        next_url=next_url,
        created_at=at,
        expires_at=at + settings.CHECK_LIFETIME,
    )
    engine.begin(check, CheckAction.BEGIN, by=by, role=role, at=at, channel=Channel.WEB)
    return check


def face_hindrance(*, check):
    """Why the face can't be used in `check`, as a sentence; None when it can."""
    provider = providers.get()
    if not provider.is_available():
        return "这里没有安装人脸比对功能，人脸核验不可用，请使用短信验证码。"
    if provider.needs_reference and _reference_file(check.by.holder) is None:
        return "没有可供比对的留存照片，人脸核验不可用，请使用短信验证码。"
    return None


def face_tries_left(*, by, at):
    """How many comparisons `by` may still ask for within the hour."""
    used = FaceTry.objects.of(by, since=at - HOUR).count()
    return max(0, settings.FACE_TRIES_PER_HOUR - used)


def submit_face(*, check, picture, by, at):
    """Compare `picture` (an RGB image, never stored) with the one on file, and decide.

    Similar passes; uncertain passes as well, and the reviewer sees the score. Raises `CheckRefused`
    (different, no_face, many_faces, no_reference, too_many_tries, not_available, not_open).
    """
    _check_open(check, by=by, at=at)
    hindrance = face_hindrance(check=check)
    if hindrance:
        raise CheckRefused(hindrance, code="not_available")
    # The try is on record before the work begins, so that parallel ones can't slip past the limit.
    face_try = FaceTry.objects.create(of_check=check, at=at)
    if FaceTry.objects.of(by, since=at - HOUR).count() > settings.FACE_TRIES_PER_HOUR:
        face_try.delete()
        raise CheckRefused(
            f"人脸核验每小时最多 {settings.FACE_TRIES_PER_HOUR} 次，请改用短信验证码，或稍后再试。",
            code="too_many_tries",
        )
    provider = providers.get()
    reference = _reference(by.holder) if provider.needs_reference else None
    comparison = provider.compare(holder=by.holder, picture=picture, reference=reference)
    FaceTry.objects.filter(pk=face_try.pk).update(
        likeness=comparison.outcome, score=comparison.distance
    )
    outcome = _FACE_PASSED.get(comparison.outcome, Outcome.REFUSED)
    _decide(check, outcome, method=Method.FACE, score=comparison.distance, at=at)
    if outcome == Outcome.REFUSED:
        raise CheckRefused(_FACE_REFUSED[comparison.outcome], code=comparison.outcome.lower())


def send_code(*, check, by, at):
    """Send a new code to the registered phone of `by`; codes sent before are void.

    Raises `CheckRefused` (no_phone, too_soon, too_many_codes, not_sent, not_open).
    """
    _check_open(check, by=by, at=at)
    phone = by.holder.phone
    if not phone:
        raise CheckRefused("您的账户没有登记手机号，请联系人事处登记。", code="no_phone")
    digits = f"{secrets.randbelow(10**settings.CODE_DIGITS):0{settings.CODE_DIGITS}d}"
    code = _new_code(check, digits, by=by, at=at)
    try:
        send_sms(
            phone=phone,
            text=f"【社保卡自助办理】验证码 {digits}，用于{check.get_purpose_display()}，"
            f"{rule_text('CODE_LIFETIME', gap=' ')}内有效。请勿告诉任何人。",
        )
    except SendFailed as error:
        code.delete()
        raise CheckRefused("短信没有发出去，请稍后再试。", code="not_sent") from error
    return code


def seconds_until_next_code(*, by, at):
    """How long `by` has to wait before another code is sent; 0 for not at all."""
    last = OneTimeCode.objects.sent_to(by, since=at - settings.CODE_WAIT).order_by("-pk").first()
    if last is None:
        return 0
    return max(0, int((last.created_at + settings.CODE_WAIT - at).total_seconds() + 0.999))


def submit_code(*, check, code, password, by, at):
    """Pass `check` with the latest code that was sent for it and the password of `by`.

    Every call takes one of the code's tries, whichever of the two was wrong, and the answer does
    not say which: a stolen session is no way to find out the password. Raises `CheckRefused`
    (no_code, expired, used_up, wrong, not_open).
    """
    _check_open(check, by=by, at=at)
    sent = check.codes.order_by("-pk").first()
    if sent is None or sent.used_at is not None:
        raise CheckRefused("请先获取验证码。", code="no_code")
    if at >= sent.expires_at:
        raise CheckRefused("验证码已过期，请重新获取。", code="expired")
    taken = OneTimeCode.objects.filter(pk=sent.pk, tries__lt=settings.CODE_TRIES).update(
        tries=F("tries") + 1
    )
    if not taken:
        raise CheckRefused("验证码输错次数太多，已作废，请重新获取。", code="used_up")
    is_right = constant_time_compare(sent.digest, _digest(check, code))
    # Both are always looked at, so that time does not tell which was wrong.
    if not (by.check_password(password) and is_right):
        left = max(0, settings.CODE_TRIES - sent.tries - 1)
        chance = f"还可以再试 {left} 次。" if left else "这个验证码已作废，请重新获取。"
        raise CheckRefused(f"验证码或登录密码不正确，{chance}", code="wrong")
    with transaction.atomic():
        if OneTimeCode.objects.filter(pk=sent.pk, used_at=None).update(used_at=at):
            _decide(check, Outcome.PASSED, method=Method.CODE, score=check.score, at=at)


def use(*, holder, purpose, request, by, at):
    """Use up one passed check of `by` for exactly this person, matter and request.

    Returns the `Check`. Raises `CheckRefused` (not_verified) when there is none.
    """
    candidates = Check.objects.usable(at).filter(
        holder=holder, by=by, purpose=purpose, request=request
    )
    for check in candidates.order_by("pk"):
        try:
            _move(check, CheckAction.USE, at=at)
        except NotAllowed:
            continue
        return check
    raise CheckRefused("请先核验身份，或核验已过期，请重新核验。", code="not_verified")


def _check_open(check, *, by, at):
    if check.by_id != by.pk:
        raise CheckRefused("这次核验不是您开始的。", code="not_yours")
    if not check.is_pending(at):
        raise CheckRefused("这次核验已过期或已使用，请回到办理页面重新开始。", code="not_open")


def _decide(check, outcome, *, method, score, at):
    """Write the outcome, unless the check has passed, expired or been used in the meantime."""
    action = CheckAction.PASS if outcome in GOOD else CheckAction.REFUSE
    details = {"outcome": outcome, "method": method, "score": score, "decided_at": at}
    try:
        _move(check, action, at=at, facts={"method": method, "outcome": outcome}, **details)
    except NotAllowed:
        check.refresh_from_db()


def _move(check, action, *, at, **details):
    is_own = check.holder.user_id == check.by_id
    role = Role.HOLDER if is_own else Role.GUARDIAN
    engine.move(check, action, by=check.by, role=role, at=at, channel=Channel.WEB, **details)


def _new_code(check, digits, *, by, at):
    with transaction.atomic():
        # One at a time for each account: the second of two clicks sees the first one's code.
        # (SQLite has no row locks; there the transaction itself keeps the others out.)
        User.objects.select_for_update().get(pk=by.pk)
        wait = seconds_until_next_code(by=by, at=at)
        if wait:
            raise CheckRefused(
                f"验证码每{rule_text('CODE_WAIT')}只发一次，请 {wait} 秒后再获取。", code="too_soon"
            )
        if OneTimeCode.objects.sent_to(by, since=at - HOUR).count() >= settings.CODES_PER_HOUR:
            raise CheckRefused("验证码获取得太频繁，请一小时后再试。", code="too_many_codes")
        return OneTimeCode.objects.create(
            of_check=check,
            digest=_digest(check, digits),
            created_at=at,
            expires_at=at + settings.CODE_LIFETIME,
        )


def _digest(check, code):
    """Keyed with SECRET_KEY and the check: a code is worth nothing for any other check."""
    salt = f"verification.one-time-code.{check.reference}"
    return salted_hmac(salt, code, algorithm="sha256").hexdigest()


def _reference_file(holder):
    """The roster photo of `holder`, else the latest portrait that a reviewer approved, else None.

    A portrait that nobody has looked at proves nothing: anybody can upload their own.
    """
    if holder.reference_photo:
        return holder.reference_photo
    approved = Particulars.objects.filter(
        request__holder=holder, request__card__isnull=False
    ).exclude(portrait="")
    latest = approved.order_by("-pk").first()
    return latest.portrait if latest else None


def _reference(holder):
    try:
        with _reference_file(holder).open("rb") as file:
            return ImageOps.exif_transpose(Image.open(file)).convert("RGB")
    except OSError as error:
        raise CheckRefused(_FACE_REFUSED[Likeness.NO_REFERENCE], code="no_reference") from error
