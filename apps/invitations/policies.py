"""What may be done with an invitation, and until when."""

from django.conf import settings

from apps.common.leases import is_within
from apps.common.rules import rule_text
from apps.invitations.refusals import InvitationRefused

ASK_HR = "请联系人事处重新发送邀请短信。"


def check_resendable(invitation, *, at):
    """Raise `InvitationRefused` unless a new link can be sent for `invitation` at `at`."""
    if invitation.is_accepted or invitation.user.has_usable_password():
        raise InvitationRefused("对方已经设置过密码，可以直接登录。", code="accepted")
    if not invitation.user.is_active:
        raise InvitationRefused("这个账户不能登录，不用邀请。", code="inactive")
    if is_within(settings.INVITATION_WAIT, invitation.sent_at, at):
        raise InvitationRefused(
            f"{rule_text('INVITATION_WAIT')}内刚发过，请稍后再发。", code="too_soon"
        )


def check_usable(invitation, *, at):
    """Raise `InvitationRefused` unless the link of `invitation` (or None) is good at `at`."""
    if invitation is None:
        raise InvitationRefused(
            f"这个链接无效。后来又收到过新的短信的，请打开最近一条里的链接；否则{ASK_HR}",
            code="unknown",
        )
    if invitation.is_accepted or invitation.user.has_usable_password():
        raise accepted_already()
    if not invitation.user.is_active:
        raise InvitationRefused("这个账户已停用，不能登录。有疑问请联系人事处。", code="inactive")
    if at >= invitation.expires_at:
        raise InvitationRefused(f"这个链接已过期。{ASK_HR}", code="expired")
    if invitation.wrong_answers >= settings.INVITATION_TRIES:
        raise used_up()
    check_number(invitation, invitation.user.holder)


def check_number(invitation, holder):
    """Raise `InvitationRefused` if the link was sent to a number that `holder` no longer has."""
    if invitation.phone_index != (holder.phone_index or ""):
        raise InvitationRefused(
            f"您登记的手机号已经变更，发到原来号码的链接作废。{ASK_HR}", code="phone_changed"
        )


def accepted_already():
    """The refusal of a link that was used to set a password."""
    return InvitationRefused(
        "这个链接已经用过了。请用工号或手机号和您设置的密码登录。", code="accepted"
    )


def used_up():
    """The refusal of a link on which too many wrong answers were given."""
    return InvitationRefused(f"后四位输错次数太多，这个链接已作废。{ASK_HR}", code="used_up")
