"""Who is not reminded now, and why. One function judges for the dry run and for the run itself."""

from django.conf import settings

from apps.cards.lifecycle import CARD, REQUEST
from apps.cards.models import CardRequest
from apps.common.refusals import Refused
from apps.common.rules import rule_text
from apps.events.models import Event
from apps.notices import preferences
from apps.notices.enums import MessageWay
from apps.notices.words import noteworthy_events
from apps.onboarding.enums import BEGINNING, OBLIGATORY, REMINDED_OF, ReminderAction
from apps.onboarding.event_kinds import REMINDER
from apps.people import documents
from apps.people.models import Holder
from apps.roster.enums import InvitationStatus
from apps.roster.models import Invitation

# What people hear on the way to their card: a reminder soon after one of these is one too many.
MATTERS = (REQUEST, CARD)


def actions_of(holders, *, step):
    """{pk: `ReminderAction`}: what those of `holders` who stand at `step` are reminded of.

    Somebody who has not used the invitation gets a new link instead of a message. One query.
    """
    invited: set[int] = set()
    if step.awaits_sign_in and settings.LOCAL_SIGN_IN:
        users = [holder.user_id for holder in holders]
        live = Invitation.objects.live().filter(user__in=users)
        invited = set(live.values_list("user_id", flat=True))
    return {
        holder.pk: ReminderAction.INVITE if holder.user_id in invited else REMINDED_OF[step]
        for holder in holders
    }


def why_not(holders, *, actions, at):
    """{pk: why}, for those of `holders` (with `user`) who are not reminded at the moment `at`.

    `actions` is what `actions_of` returns. The number of queries does not depend on theirs.
    """
    keys = [holder.pk for holder in holders]
    users = [holder.user_id for holder in holders]
    told = told_lately(keys, at=at)
    at_the_unit = set(
        CardRequest.objects.in_flight()
        .filter(holder__in=keys, is_collected_by_unit=True)
        .values_list("holder_id", flat=True)
    )
    sending = set(
        Invitation.objects.filter(user__in=users, status=InvitationStatus.WAITING).values_list(
            "user_id", flat=True
        )
    )
    ways = preferences.chosen(users)
    refusing = preferences.without_reminders(users)
    found = {}
    for holder in holders:
        action = actions[holder.pk]
        reason = (
            _of_person(holder, action)
            or (holder.pk in told and f"{rule_text('REMINDER_GAP', gap=' ')}内已经告诉过")
            or (
                action == ReminderAction.RECEIVE and holder.pk in at_the_unit and "单位领卡另有通知"
            )
            or _of_channel(holder, action, ways.get(holder.user_id, MessageWay.SMS))
            or (holder.user_id in sending and "邀请短信正在发出")
            or (action not in OBLIGATORY and holder.user_id in refusing and "本人关闭了提醒")
        )
        if reason:
            found[holder.pk] = reason
    return found


def told_lately(keys, *, at, only_reminders=False):
    """The keys among `keys` of people who were told something about their card lately.

    Reminders count, messages about a request or card, and an invitation that was sent.
    """
    since = at - settings.REMINDER_GAP
    recent = Event.objects.filter(holder_id__in=keys, at__gt=since)
    told = set(recent.filter(subject_kind=REMINDER.name).values_list("holder_id", flat=True))
    if only_reminders:
        return told
    of_matters = noteworthy_events() & recent.filter(
        subject_kind__in=[matter.name for matter in MATTERS]
    )
    told |= set(of_matters.values_list("holder_id", flat=True))
    invited = Invitation.objects.live().filter(user__holder__in=keys, sent_at__gt=since)
    return told | set(invited.values_list("user__holder", flat=True))


def _of_person(holder, action):
    if action in BEGINNING and not documents.of_holder(holder).is_of_a_citizen:
        return "登记的证件不是居民身份证，不能网上申领"
    may_finish = action not in BEGINNING and holder.user is not None and holder.user.is_active
    if holder.left_date is not None and not may_finish:
        return "已离职"
    return "已去世" if holder.deceased_date is not None else ""


def _of_channel(holder, action, way):
    """Somebody who is told on the page of messages alone would not hear of it."""
    if holder.user is None or not holder.user.is_active:
        return "没有可以登录的账户"
    needs_phone = action == ReminderAction.INVITE or way == MessageWay.SMS
    return "没有登记手机号，请电话或当面联系" if needs_phone and not holder.phone else ""


def check_own(run, *, by):
    """Raise `Refused` unless `by` made the dry run."""
    if run.by_id != by.pk:
        raise Refused("只有预检的人可以发出这次提醒。您可以自己预检一次。", code="not_yours")


def check_fresh(run, *, at):
    """Raise `Refused` when the dry run is too old to be started."""
    if at - run.prepared_at >= settings.BULK_PREVIEW_LIFETIME:
        raise Refused(
            f"预检已过{rule_text('BULK_PREVIEW_LIFETIME')}，情况可能有变，请重新预检。",
            code="expired",
        )


def check_has_rows(waiting):
    """Raise `Refused` when the dry run left nobody to remind; `waiting` is their number."""
    if not waiting:
        raise Refused("这次没有要提醒的人。", code="nothing_to_do")


def locked_holders(keys):
    """The people `keys` with their accounts, locked in one order.

    So two workers never remind the same person at the same time: the second one waits, and then
    sees what the first one wrote.
    """
    list(
        Holder.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk").only("pk")
    )
    return list(Holder.objects.filter(pk__in=keys).select_related("user").order_by("pk"))
