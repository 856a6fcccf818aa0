"""Resets a forgotten password, without telling anybody which account exists."""

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from apps.account.messages import RESET_LINK
from apps.common.messaging import SendFailed, WrongPhone, send_sms
from apps.common.refusals import Refused
from apps.common.visibility import shown
from apps.encryption.public_keys import opened, sealed
from apps.events.messages import say
from apps.people.event_kinds import AccountAction
from apps.people.models import User
from apps.sign_in.backend import find_user, may_use_password
from apps.sign_in.recording import record, record_visitor
from apps.verification import code_check
from apps.verification import services as verification
from apps.verification.enums import Purpose


def begin(*, account, last_six, at):
    """Send a code to the phone of `account`, a number or a phone, if `last_six` end its ID number.

    Returns the `Check` that the code passes, or None: what is told is the same for both.
    """
    user = find_user(account)
    holder = getattr(user, "holder", None)
    is_right = constant_time_compare(last_six, holder.id_number[-6:] if holder else "")
    if holder is None or not (
        is_right and user.is_active and holder.phone and may_use_password(account)
    ):
        record_visitor(AccountAction.RESET_REFUSED, account)
        return None
    try:
        check = verification.begin(
            holder=holder,
            by=user,
            purpose=Purpose.RESET_PASSWORD,
            card_request=None,
            next_url=reverse(settings.LOGIN_URL),
            at=at,
        )
        code_check.send_code(check=check, by=user, at=at)
    except Refused as refusal:
        # The code that was sent just before is good for this check too.
        return check if refusal.code == "too_soon" else None
    return check


def prove(*, check, code, at):
    """Pass `check` with the `code` that was sent. Raises `CheckRefused`."""
    code_check.submit_code(check=check, code=code, password=None, by=check.by, at=at)


def reset(*, check, password, at):
    """Set the new `password` of the account of `check`, which was passed.

    All its sessions end with the old password. Raises `CheckRefused`, and `ValidationError` for a
    password with what others know of the owner.
    """
    user = check.by
    validate_password(password, user)
    with transaction.atomic():
        verification.use(
            holder=check.holder, purpose=check.purpose, card_request=None, by=user, at=at
        )
        user.set_password(password)
        user.save(update_fields=["password"])
        record(AccountAction.RESET_PASSWORD, user, by=user)


class _LinkTokens(PasswordResetTokenGenerator):
    """As Django's, but a new phone of the owner ends what was sent to the one before."""

    key_salt = "account.reset_link"

    def _make_hash_value(self, user, timestamp):
        holder = getattr(user, "holder", None)
        return f"{super()._make_hash_value(user, timestamp)}{holder.phone if holder else ''}"


_TOKENS = _LinkTokens()
_LABEL = "people.user"


def send_link(*, account, phone, by, at):
    """Send to `phone` a link with which the owner of `account` sets a new password, once.

    Whoever sends it never knows the password. `phone` counts for an account without a person only:
    else it is the registered one. Raises `Refused` (own, closed, not_by_password, no_phone,
    wrong_number, not_sent).
    """
    holder = getattr(account, "holder", None)
    phone = holder.phone if holder else phone
    if account == by:
        raise Refused("自己的密码请在「修改密码」里改。", code="own")
    if not account.is_active:
        raise Refused("这个账户已停用，先恢复才能重设密码。", code="closed")
    if not may_use_password(account.employee_number):
        raise Refused("这里不用密码登录，没有可重设的。", code="not_by_password")
    if not phone:
        raise Refused("本人没有登记手机号，请先在名册里登记。", code="no_phone")
    page = reverse(
        "account_reset_link", args=[sealed(_LABEL, account.pk), _TOKENS.make_token(account)]
    )
    try:
        said = say(RESET_LINK, at=at, link=f"{settings.PORTAL_URL}{page}")
        send_sms(phone=phone, **said.by_sms)
    except WrongPhone as error:
        raise Refused("短信平台不收这个手机号，请先在名册里更正。", code="wrong_number") from error
    except SendFailed as error:
        raise Refused("短信没有发出去，请稍后再试。", code="not_sent") from error
    record(AccountAction.SEND_LINK, account, by=by, facts={"phone": shown(phone, "book.phone")})


def owner_of_link(*, key, token):
    """The account whose link it is. Raises `Refused` for one that was used, is too old or forged.

    A new password, a sign-in and a new phone end every link that was sent before.
    """
    try:
        account = User.objects.select_related("holder").filter(pk=opened(_LABEL, key)).first()
    except ValueError:
        account = None
    _check_link(account, token)
    return account


def _check_link(account, token):
    if account is None or not account.is_active or not _TOKENS.check_token(account, token):
        raise Refused("这个链接已经用过，或者过期了。请再找人事处发一次。", code="used")


def reset_by_link(*, account, token, last_six, password):
    """Set the new `password` of `account`, whose person has an ID number that ends with `last_six`.

    `token` is that of the link, which is used up. All sessions end with the old password. Raises
    `Refused` (wrong, used), and `ValidationError` as `reset` does.
    """
    holder = getattr(account, "holder", None)
    if holder and not constant_time_compare(last_six, holder.id_number[-6:]):
        record(AccountAction.RESET_REFUSED, account, by=None)
        raise Refused("社会保障号码后六位不对，请看身份证核对。", code="wrong")
    validate_password(password, account)
    with transaction.atomic():
        # One caller at a time: the second one finds the password, and so the token, changed.
        account = User.objects.select_for_update().get(pk=account.pk)
        _check_link(account, token)
        account.set_password(password)
        account.save(update_fields=["password"])
        record(AccountAction.RESET_PASSWORD, account, by=account)
