"""Makes the notices of new events, thousands at a time: columns are read and written, not rows."""

from datetime import datetime
from typing import Any, NamedTuple

from apps.lifecycle.inserting import insert_rows
from apps.notices import preferences, quiet_hours, table, words
from apps.notices.enums import MessageWay
from apps.notices.models import Notice
from apps.people.audience import accounts_of, former_guardians_of

COLUMNS = ("pk", "subject_kind", "action", "role", "holder_id", "by_id", "at")


class _NewEvent(NamedTuple):
    """An event, as far as it says whom to tell and when, and its `Message`."""

    pk: int
    subject_kind: str
    action: str
    role: str
    holder_id: int | None
    by_id: int | None
    at: datetime
    message: Any


def make_notices(rows, *, at):
    """Notices for everybody whom these events concern, through the channels of their messages.

    `rows` are the `COLUMNS` of the events. Idempotent.
    """
    events = [_NewEvent._make([*row, None]) for row in rows]
    events = [event._replace(message=table.of(event)) for event in events]
    events = [event for event in events if event.message]
    concerned = {event.holder_id for event in events}
    people = accounts_of(concerned, at=at)
    if unheard := concerned - set(people):
        people |= former_guardians_of(unheard, at=at)
    asking = [event.pk for event in events if event.message.only_to or event.message.also_to]
    whole = {event.pk: event for event in words.with_facts(asking)} if asking else {}
    told = [(event, table.recipients(whole.get(event.pk, event), people)) for event in events]
    chosen = preferences.chosen({user for _, users in told for user in users})
    reminded = {user for event, users in told if event.message.is_optional for user in users}
    refusing = preferences.without_reminders(reminded) if reminded else set()
    notices = [
        (event.pk, event.holder_id, user, channel, _due_at(event, channel, at=at))
        for event, users in told
        for user in users
        if not (event.message.is_optional and user in refusing)
        for channel in preferences.channels_for(
            event.message.channels,
            is_urgent=event.message.is_urgent,
            way=chosen.get(user, MessageWay.SMS),
        )
    ]
    if notices:
        names = ("event", "holder", "recipient", "channel", "next_try_at")
        columns = dict(zip(names, map(list, zip(*notices, strict=True)), strict=True))
        insert_rows(Notice, columns, {"created_at": at}, ignore_conflicts=True)


def _due_at(event, channel, *, at):
    wait = event.message.wait()
    due = max(at, min(at, event.at) + wait) if wait else at
    return due if event.message.is_urgent else quiet_hours.when_it_may_ring(channel, due)
