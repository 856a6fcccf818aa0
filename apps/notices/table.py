"""The table of who is told what, collected from the `messages.py` of all apps."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

from apps.events.messages import Message

_TABLE: dict[tuple[str, str], Message] = {}
# What one guardian does, and the other ones hear.
_TO_OTHERS: dict[tuple[str, str], Message] = {}


def collect():
    """Read the `messages.py` of every app; called once, when the apps are ready.

    Raises ValueError when two messages speak of the same kind and action.
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


def messages():
    """Every `Message`, in the order of the apps."""
    return [*_TABLE.values(), *_TO_OTHERS.values()]


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
    return [user for user in concerned if not message.to_others or user != event.by_id]
