"""Invitations of new people: sent by SMS, and accepted with the first password.

A roster that is applied makes them (`roster.inviting`).

Sending is safe to repeat, to run in several workers, and to kill at any moment: a worker takes a
lease on each invitation, and each one leaves at least once. Every try makes a new link and makes
the earlier ones invalid, so that at most one link works.
"""

import hashlib
import logging
import secrets

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from apps.common import leases
from apps.common.masks import ID_TAIL_LENGTH
from apps.common.messaging import SendFailed, SmsKind, WrongPhone, send_sms
from apps.common.moments import day_of, end_of
from apps.events.messages import say
from apps.invitations import policies
from apps.invitations.messages import INVITATION
from apps.invitations.policies import ASK_HR
from apps.invitations.refusals import InvitationRefused
from apps.people.models import Holder
from apps.people.services import set_initial_password
from apps.roster.enums import InvitationStatus
from apps.roster.inviting import restart
from apps.roster.models import Invitation
from apps.roster.models.invitations import FIRST_PAUSE, LEASE, LONGEST_PAUSE, MOST_TRIES

logger = logging.getLogger(__name__)


def resend(*, invitation, by, at):
    """Send a new link, which makes the one before invalid. Raises `InvitationRefused`."""
    policies.check_resendable(invitation, at=at)
    if not restart(invitations=Invitation.objects.live().filter(pk=invitation.pk), at=at):
        raise InvitationRefused("对方刚刚设置了密码，可以直接登录。", code="accepted")
    logger.info("%s sent again by account %s at %s", invitation, by.pk, at)


def send_again(*, users, at):
    """Have new links sent to those of the accounts `users` who have not used theirs. Idempotent."""
    live = Invitation.objects.live().exclude(status=InvitationStatus.WAITING)
    restart(invitations=live.filter(user__in=users, user__is_active=True), at=at)


def send_due(*, at, limit):
    """Send up to `limit` invitations whose time has come. Returns how many left."""
    due = Invitation.objects.due(at).select_related("user__holder")[:limit]
    return sum(_lease_and_send(invitation, at) for invitation in due)


def _lease_and_send(invitation, at):
    token = secrets.token_urlsafe(32)
    if not leases.take(
        invitation,
        "next_try_at",
        until=at + LEASE,
        among=Invitation.objects.live(),
        token_hash=_hash(token),
        phone_index=invitation.user.holder.phone_index or "",
        expires_at=end_of(day_of(at) + settings.INVITATION_LIFETIME),
        tries=F("tries") + 1,
    ):
        return False
    mine = Invitation.objects.live().filter(pk=invitation.pk, token_hash=_hash(token))
    if not invitation.user.is_active:
        _give_up(mine, "账户不能登录")
        return False
    if not invitation.user.holder.phone:
        _give_up(mine, "没有登记手机号")
        return False
    try:
        send_sms(
            phone=invitation.user.holder.phone,
            kind=SmsKind.INVITATION,
            **_said(token, at).by_sms,
        )
    except WrongPhone as error:
        logger.warning("%s not sent: %s", invitation, error)
        _give_up(mine, f"短信平台不收这个手机号，请更正（{error}）"[:200])
        return False
    except SendFailed as error:
        logger.warning("%s not sent: %s", invitation, error)
        _try_again(mine, str(error)[:200], next_try_at=_next_try(invitation, at))
        return False
    except Exception as error:
        # If an invitation cannot be sent, the others are. The text is not logged.
        logger.error("%s not sent: %s", invitation, type(error).__name__)
        _try_again(mine, type(error).__name__, next_try_at=_next_try(invitation, at))
        return False
    return mine.update(status=InvitationStatus.SENT, sent_at=at, next_try_at=None, last_error="")


def _try_again(mine, error, *, next_try_at):
    """Note the `error` of this try; after the last one (`next_try_at` is None) give up."""
    if next_try_at is None:
        _give_up(mine, error)
    else:
        mine.update(last_error=error, next_try_at=next_try_at)


def _give_up(mine, error):
    mine.update(status=InvitationStatus.GIVEN_UP, next_try_at=None, last_error=error)


def _next_try(invitation, at):
    tries = invitation.tries + 1
    if tries >= MOST_TRIES:
        return None
    return at + leases.growing_pause(tries, first=FIRST_PAUSE, longest=LONGEST_PAUSE)


def _said(token, at):
    link = f"{settings.PORTAL_URL}{reverse('account_welcome', args=[token])}"
    unit = settings.PORTAL_OPERATOR["name"]
    return say(INVITATION, at=at, parts={"token": token}, link=link, unit=unit)


def find(*, token, at):
    """The live invitation of a link. Raises `InvitationRefused`, which says what to do."""
    found = Invitation.objects.select_related("user__holder").filter(token_hash=_hash(token))
    invitation = found.first()
    policies.check_usable(invitation, at=at)
    return invitation


def accept(*, invitation, last_four, password, at):
    """Set the first password of the invited person, who gives the last four of the ID number.

    Every wrong answer uses up one of settings.INVITATION_TRIES. Returns the account. Raises
    `InvitationRefused` (used_up, phone_changed, wrong, accepted) and `WeakPassword`.
    """
    live = Invitation.objects.live().filter(pk=invitation.pk, token_hash=invitation.token_hash)
    taken = live.filter(wrong_answers__lt=settings.INVITATION_TRIES)
    if not taken.update(wrong_answers=F("wrong_answers") + 1):
        raise InvitationRefused(f"这个链接已作废。{ASK_HR}", code="used_up")
    policies.check_number(invitation, Holder.objects.get(user=invitation.user_id))
    right = invitation.user.holder.id_number[-ID_TAIL_LENGTH:]
    if not constant_time_compare(last_four.upper(), right):
        left = settings.INVITATION_TRIES - invitation.wrong_answers - 1
        if left <= 0:
            raise policies.used_up()
        raise InvitationRefused(
            f"社会保障号码后四位不对，还可以再试 {left} 次。请看身份证核对。", code="wrong"
        )
    live.update(wrong_answers=F("wrong_answers") - 1)
    with transaction.atomic():
        if not live.update(status=InvitationStatus.ACCEPTED, accepted_at=at, next_try_at=None):
            raise policies.accepted_already()
        user = invitation.user
        set_initial_password(user=user, password=password, by=user, at=at)
    return user


def _hash(token):
    return hashlib.sha256(token.encode()).hexdigest()
