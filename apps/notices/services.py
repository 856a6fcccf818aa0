"""Makes notices from new events, and sends the notices that wait.

Both are idempotent, may run in several workers, and may be killed at any moment.
"""

import logging

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from apps.common import leases
from apps.common.messaging import SendFailed, WrongPhone
from apps.common.working_days import read_once
from apps.events import settling
from apps.events.messages import SMS
from apps.events.models import Event
from apps.notices import channels, making, preferences, quiet_hours, wordings, words
from apps.notices.enums import NoticeStatus
from apps.notices.models import (
    FIRST_PAUSE,
    LEASE,
    LONGEST_PAUSE,
    MOST_TRIES,
    MessagePreference,
    Notice,
    NoticeCursor,
)
from apps.people.event_kinds import AccountAction
from apps.sign_in.recording import record

logger = logging.getLogger(__name__)

WRONG_NUMBER = "短信平台不收收信人的手机号，请在名册里更正"


@read_once()
def collect(*, at, limit):
    """Make the notices of the events that were not told yet, `limit` events at a time.

    Works until nothing is left. Returns how many events were found.
    """
    cursor, _ = NoticeCursor.objects.get_or_create(pk=1, defaults={"seen_at": at})
    book = settling.read_book()
    last, found = cursor.settled_event, 0
    while rows := list(_untold(last).values_list(*making.COLUMNS)[:limit]):
        making.make_notices(rows, at=at)
        last, found = rows[-1][0], found + len(rows)
        if len(rows) < limit:
            break
    _move_cursor(cursor, book, at)
    return found


def _untold(last):
    """The events after the number `last` that are to be told and were not, in their order."""
    # That the notices are of later events, too, spares PostgreSQL all earlier ones.
    told = Notice.objects.filter(event=OuterRef("pk"), event__gt=last)
    events = words.noteworthy_events().filter(~Exists(told), pk__gt=last)
    return events.order_by("pk")


def _move_cursor(cursor, book, at):
    """Note that all is told of what was in the `book`, unless another worker has moved it."""
    mark = settling.Mark(cursor.settled_event, cursor.seen_event, cursor.next_transaction)
    now = settling.moved(mark, book, settled=settling.settled_event(mark, book))
    if now != mark:
        NoticeCursor.objects.filter(
            pk=cursor.pk, settled_event=mark.settled, seen_event=mark.waiting
        ).update(
            settled_event=now.settled,
            seen_event=now.waiting,
            next_transaction=now.until,
            seen_at=at,
        )


def announce(*, event, recipient, text, sms_text, channels, at):
    """Have `text`, or by SMS `sms_text`, sent to `recipient` by each of `channels`. Idempotent.

    For messages that no event causes, such as that a suspension ends tomorrow. `event` is the one
    that began the suspension; it must not be among the noteworthy events, for which `collect` makes
    the text. `text` holds whole sentences without personal data.
    """
    through = preferences.channels_for(channels, is_urgent=False, way=preferences.way_of(recipient))
    Notice.objects.bulk_create(
        [
            Notice(
                event=event,
                holder_id=event.holder_id,
                recipient=recipient,
                channel=channel,
                text=sms_text if channel in wordings.BY_SMS else text,
                created_at=at,
                next_try_at=quiet_hours.when_it_may_ring(channel, at),
            )
            for channel in through
        ],
        ignore_conflicts=True,
    )


@read_once()
def send_due(*, at, limit):
    """Send up to `limit` messages whose time has come. Returns how many left.

    Each message is leased before it is sent, so two workers never send the same one. If the process
    dies after the sender has taken a message and before that is written down, the message is sent
    again after `LEASE`: at least once, because a second SMS does less harm than a missing one. A
    failed message is tried again after pauses that double, `MOST_TRIES` times; no wrong phone is.
    """
    due = list(Notice.objects.due(at).select_related("recipient__holder", "holder")[:limit])
    events = {event.pk: event for event in words.with_facts({notice.event_id for notice in due})}
    for notice in due:
        notice.event = events[notice.event_id]
    due = [notice for notice in due if not quiet_hours.put_off(notice, at=at)]
    words.read_families((notice.holder, notice.recipient) for notice in due)
    return sum(_send(notice, at) for notice in due if _lease(notice, at))


def _lease(notice, at):
    return leases.take(notice, "next_try_at", until=at + LEASE, tries=F("tries") + 1)


def _send(notice, at):
    if notice.event.message and (why := words.why_void(notice.event) or _why_known(notice)):
        _write_failure(notice, why, next_try_at=None, is_set_aside=True)
        return False
    try:
        channel = channels.get(notice.channel)
        text, further = _text(notice, channel, at)
        channel.deliver(notice.recipient, channel.sign + text, **further)
    except channels.Unreachable as error:
        # Another try changes nothing, so no operator is asked for one.
        _give_up(notice, str(error), at, is_set_aside=True)
        return False
    except SendFailed as error:
        logger.warning("%s not sent: %s", notice, error)
        if isinstance(error, WrongPhone):  # an operator sees it
            _give_up(notice, f"{WRONG_NUMBER}（{error}）"[:200], at)
        else:
            _try_again(notice, str(error)[:200], at)
        return False
    except Exception as error:
        # If the text of one message cannot be made, the others are sent.
        logger.exception("%s not sent", notice)
        _try_again(notice, type(error).__name__, at)
        return False
    return _unsent(notice).update(
        status=NoticeStatus.SENT, text=text, sent_at=at, next_try_at=None, last_error=""
    )


def _why_known(notice):
    """Why nothing new is told: the same person was told it before by the same channel; else ""."""
    event = notice.event
    if not event.message.unless_told:
        return ""
    before = Event.objects.filter(
        subject_kind=event.subject_kind,
        subject_id=event.subject_id,
        action__in=event.message.unless_told,
        pk__lt=event.pk,
    )
    sent = Notice.objects.filter(
        event=before.order_by("-pk").values("pk")[:1],
        recipient=notice.recipient_id,
        channel=notice.channel,
        status=NoticeStatus.SENT,
    )
    return "之前已经通知过，不再通知" if sent.exists() else ""


def _text(notice, channel, at):
    """What the recipient may read at the moment `at`, and what else the channel takes.

    The guardian of then may be a former one.
    """
    if words.is_to_former_guardian(notice, at=at):
        return words.to_former_guardian(
            notice.holder, notice.recipient, channel=channel.name, at=at
        ), {}
    if notice.text:
        return notice.text, {}
    to_whom = {"recipient": notice.recipient, "channel": channel.name, "holder": notice.holder}
    further = words.for_provider(notice.event, **to_whom) if channel.has_templates else {}
    if channel.has_title and (title := wordings.title(notice.event)):
        further = {"subject": title}
    return words.text(notice.event, **to_whom), further


def _try_again(notice, error, at):
    """Note the `error` of this try; after the last one give up."""
    next_try_at = _next_try(notice, at)
    if next_try_at is None:
        _give_up(notice, error, at)
    else:
        _write_failure(notice, error, next_try_at=next_try_at)


def _give_up(notice, error, at, *, is_set_aside=False):
    _write_failure(notice, error, next_try_at=None, is_set_aside=is_set_aside)
    _send_by_sms_instead(notice, at)


def _send_by_sms_instead(notice, at):
    """What the way that somebody chose cannot deliver goes by SMS, so that nobody is left out."""
    if notice.channel not in preferences.REPLACEABLE:
        return
    again = Notice(
        event=notice.event,
        holder=notice.holder,
        recipient=notice.recipient,
        channel=SMS,
        text=notice.text,
        created_at=at,
        next_try_at=quiet_hours.after(at),
    )
    Notice.objects.bulk_create([again], ignore_conflicts=True)


def _next_try(notice, at):
    """The moment of the next try, if the try for which `notice` is leased now fails."""
    tries = notice.tries + 1
    if tries >= MOST_TRIES:
        return None
    return at + leases.growing_pause(tries, first=FIRST_PAUSE, longest=LONGEST_PAUSE)


def _write_failure(notice, error, *, next_try_at, is_set_aside=False):
    status = NoticeStatus.WAITING if next_try_at else NoticeStatus.GIVEN_UP
    _unsent(notice).update(
        status=status, last_error=error, next_try_at=next_try_at, is_set_aside=is_set_aside
    )


def _unsent(notice):
    """The message as a queryset; empty once another worker has sent it."""
    return Notice.objects.filter(pk=notice.pk).exclude(status=NoticeStatus.SENT)


def mark_read(*, by, up_to, at):
    """Mark the messages of `by` that were sent up to `up_to` as read. Returns how many.

    `up_to` is the moment of the newest message on the page: a later one stays unread.
    """
    return (
        Notice.objects.visible_to(by, at=at).unread().filter(sent_at__lte=up_to).update(read_at=at)
    )


def choose_way(*, user, way, at, wants_reminders=True):
    """Have `user` told by `way`, a `MessageWay`, with or without the reminders that are optional.

    Idempotent. Raises ValueError for a way that is not offered.
    """
    if way not in preferences.offered():
        raise ValueError(f"{way} is not offered")
    with transaction.atomic():
        before = preferences.way_of(user)
        had_reminders = user.pk not in preferences.without_reminders([user.pk])
        MessagePreference.objects.update_or_create(
            user=user,
            defaults={"way": way, "wants_reminders": wants_reminders, "changed_at": at},
        )
        facts = {"before": before, "after": way} if before != way else {}
        if had_reminders != wants_reminders:
            facts["reminders"] = wants_reminders
        if facts:
            record(AccountAction.CHOOSE_MESSAGES, user, by=user, facts=facts)
