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

    `rows` are the `COLUMNS` of the events. Idempotent. What is the same for all events of one
    moment with one message is worked out once.
    """
    groups = _with_messages(rows)
    events = [event for group in groups.values() for event in group]
    concerned = {event.holder_id for event in events}
    people = accounts_of(concerned, at=at)
    if unheard := concerned - people.keys():
        people |= former_guardians_of(unheard, at=at)
    asking = [event.pk for event in events if event.message.only_to or event.message.also_to]
    whole = {event.pk: event for event in words.with_facts(asking)} if asking else {}
    users = {event.pk: table.recipients(whole.get(event.pk, event), people) for event in events}
    chosen = preferences.chosen({user for told in users.values() for user in told})
    reminded = {user for one in events if one.message.is_optional for user in users[one.pk]}
    refusing = preferences.without_reminders(reminded) if reminded else set()
    notices: list[tuple] = []
    for group in groups.values():
        through = _Channels(group[0].message, group[0].at, at)
        left_out = refusing if group[0].message.is_optional else ()
        notices += [
            (event.pk, event.holder_id, user, channel, due)
            for event in group
            for user in users[event.pk]
            if user not in left_out
            for channel, due in through[chosen.get(user, MessageWay.SMS)]
        ]
    if notices:
        names = ("event", "holder", "recipient", "channel", "next_try_at")
        columns = dict(zip(names, map(list, zip(*notices, strict=True)), strict=True))
        one = ("event", "recipient", "channel")
        insert_rows(Notice, columns, {"created_at": at}, unless_same=one)


def _with_messages(rows):
    """{(kind, action, role, moment): its `_NewEvent`s}, of the events that are told."""
    groups: dict[tuple, list[_NewEvent]] = {}
    messages: dict[tuple, Any] = {}
    for row in rows:
        _, kind, action, role, *_, moment = row
        key = (kind, action, role, moment)
        if key not in messages:
            messages[key] = table.of(_NewEvent._make((*row, None)))
        if messages[key] is not None:
            groups.setdefault(key, []).append(_NewEvent._make((*row, messages[key])))
    return groups


class _Channels(dict):
    """{way: [(channel, when the message may leave by it)]} of one message about one moment."""

    def __init__(self, message, moment, at):
        self.message, self.at = message, at
        wait = message.wait()
        self.due_at = max(at, min(at, moment) + wait) if wait else at

    def __missing__(self, way):
        is_urgent = self.message.is_urgent
        names = preferences.channels_for(self.message.channels, is_urgent=is_urgent, way=way)
        self[way] = [(name, self._leaves_at(name)) for name in names]
        return self[way]

    def _leaves_at(self, channel):
        if self.message.is_urgent:
            return self.due_at
        return quiet_hours.when_it_may_ring(channel, self.due_at)
