"""The table of who is told what, collected from the `messages.py` of all apps."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.conf import settings

from apps.events.messages import COMMON, OF_OTHERS, DirectText, Message
from apps.notices import notation

_TABLE: dict[tuple[str, str], Message] = {}
# What one guardian does, and the other ones hear.
_TO_OTHERS: dict[tuple[str, str], Message] = {}
# What is sent without an event.
_TEXTS: dict[str, DirectText] = {}
# Key of a message → the placeholders and conditions of its room.
_KNOWN: dict[str, tuple] = {}


def collect():
    """Read the `messages.py` of every app; called once, when the apps are ready.

    Raises ValueError when two messages speak of the same kind and action, or two texts have the
    same name.
    """
    for config in apps.get_app_configs():
        if not config.name.startswith("apps.") or find_spec(f"{config.name}.messages") is None:
            continue
        module = import_module(f"{config.name}.messages")
        for message in getattr(module, "MESSAGES", ()):
            key = (str(message.kind), str(message.action))
            entries = _TO_OTHERS if message.to_others else _TABLE
            if key in entries:
                raise ValueError(f"two messages tell {key}")
            entries[key] = message
            _KNOWN[message.key] = (
                *COMMON,
                *getattr(module, "PLACEHOLDERS", ()),
                *(OF_OTHERS if message.to_others else ()),
            )
        for text in getattr(module, "TEXTS", ()):
            if text.key in _TEXTS:
                raise ValueError(f"two texts are named {text.key}")
            _TEXTS[text.key] = text
            _KNOWN[text.key] = (*COMMON, *getattr(module, "PLACEHOLDERS", ()))


def messages():
    """Every `Message`, in the order of the apps."""
    return [*_TABLE.values(), *_TO_OTHERS.values()]


def texts():
    """Every `DirectText`, in the order of the apps."""
    return list(_TEXTS.values())


def by_key(key):
    """The `Message` or `DirectText` with this `key`, or None."""
    found = (message for message in (*messages(), *texts()) if message.key == key)
    return next(found, None)


def program_words(message):
    """The words of `message` as its room has them, in the notation, and their `Vocabulary`.

    Raises LookupError for an expression to which the room gives no name.
    """
    path = settings.BASE_DIR / "templates" / message.template
    source = path.read_text(encoding="utf-8")
    try:
        return notation.of_program(source, message.words, _KNOWN[message.key])
    except KeyError as error:
        raise LookupError(
            f"{message.template}: PLACEHOLDERS of its messages.py gives {error} no name"
        ) from error


def of(event):
    """The `Message` that tells `event`; None when nobody is told."""
    key = (event.subject_kind, event.action)
    for entries in (_TABLE, _TO_OTHERS):
        message = entries.get(key)
        if message is not None and (not message.told_by or event.role in message.told_by):
            return message
    return None


def recipients(event, people):
    """The keys of the users to tell `event`; `people` are those whom each holder's events reach."""
    message = event.message
    if message.only_to:
        return message.only_to(event)
    concerned = people.get(event.holder_id, [])
    also = message.also_to(event) if message.also_to else []
    told = dict.fromkeys([*concerned, *also])
    return [user for user in told if not message.to_others or user != event.by_id]
