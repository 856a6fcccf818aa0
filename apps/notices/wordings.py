"""Which words of a message are in force at the moment of an event, and what they become.

The versions are read once for a batch of events (`attach`) and kept no longer than the batch: no
process goes on with words that another one has replaced.
"""

import logging
from functools import lru_cache
from itertools import groupby
from types import SimpleNamespace

from django.template import Context, engines

from apps.events.messages import FORMER_PHONE, PORTAL, SMS
from apps.notices import notation, table
from apps.notices.models import MessageWording

logger = logging.getLogger(__name__)

# The channels for which a version may have words of its own.
BY_SMS = (SMS, FORMER_PHONE)


def attach(events):
    """Give each of `events`, which have their `message`, its `wording`; one query for all of them.

    It is the `MessageWording` in force at the moment of the event, or None for the program's words.
    """
    found = versions({event.message.key for event in events}) if events else {}
    for event in events:
        event.wording = in_force(found.get(event.message.key, ()), event.at)


def versions(keys):
    """{key of a message: its versions, the newest first}; one query."""
    rows = MessageWording.objects.of_keys(keys)
    return {key: list(group) for key, group in groupby(rows, key=lambda row: row.key)}


def in_force(newest_first, at):
    """The version that says what happens at `at`; None for the program's own words."""
    return next((row for row in newest_first if row.applies_from <= at), None)


def written(wording, channel):
    """The words of `wording` for `channel` in the notation; "" for the program's own."""
    if wording is None:
        return ""
    return (channel in BY_SMS and wording.sms_text) or wording.text


def source(event, channel):
    """The Django template of the edited words of `event`; None for the program's own.

    The program's own also stand in for words that name what a later release no longer has.
    """
    words = written(event.wording, channel)
    try:
        return _compiled(event.message.key, words) if words else None
    except notation.UnreadableWords as error:
        logger.error("%s cannot be used: %s", event.wording, error)
        return None


def approved(event, channel):
    """(code of the provider's template or "", name of each of its variables → Django template)."""
    wording = event.wording
    if wording is None or not wording.sms_code or channel not in BY_SMS:
        return "", {}
    words = written(wording, channel)
    if not words:
        words, _ = table.program_words(event.message)
    try:
        return wording.sms_code, _variables(event.message.key, words)
    except notation.UnreadableWords:
        return "", {}


def title(event):
    """The title of a mail about `event`; "" where nobody has given it one."""
    return event.wording.title if event.wording else ""


def of_text(text, values, at):
    """The edited words of a `DirectText`, for `edited_by`; one query."""
    wording = in_force(versions([text.key]).get(text.key, ()), at)
    if wording is None:
        return None
    worded = SimpleNamespace(message=text, wording=wording)
    program, _ = table.program_words(text)
    own = _compiled(text.key, program)
    by_page, by_sms = (
        rendered(source(worded, channel) or own, values).strip() for channel in (PORTAL, SMS)
    )
    code, names = approved(worded, SMS)
    parts = {name: rendered(each, values) for name, each in names.items()}
    return by_page, by_sms, {"template": code, "parts": parts} if code else {}


def rendered(source, context):
    """The template `source` with the values of the dictionary `context`; nothing is escaped."""
    return _template(source).template.render(Context(context, autoescape=False))


# Words are compiled once for each process: the key is the words themselves, so nothing grows stale.
@lru_cache(maxsize=256)
def _compiled(key, words):
    return notation.compiled(_parsed(key, words))


@lru_cache(maxsize=256)
def _variables(key, words):
    names = notation.provider_names(_parsed(key, words))
    return {name: notation.code_of(place) for name, place in names.items()}


def _parsed(key, words):
    _, vocabulary = table.program_words(table.by_key(key))
    return notation.parsed(words, vocabulary)


@lru_cache(maxsize=256)
def _template(source):
    return engines["django"].from_string(source)
