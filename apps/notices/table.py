"""The table of who is told what, collected from the `messages.py` of all apps."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps

from apps.events.messages import Message

_TABLE: dict[tuple[str, str], Message] = {}


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
            if key in _TABLE:
                raise ValueError(f"two messages tell {key}")
            _TABLE[key] = message


def messages():
    """Every `Message`, in the order of the apps."""
    return list(_TABLE.values())


def of(event):
    """The `Message` that tells `event`; None when nobody is told."""
    message = _TABLE.get((event.subject_kind, event.action))
    if message is None or (message.told_by and event.role not in message.told_by):
        return None
    return message


def recipients(event, people):
    """The keys of the users to tell `event`; `people` are those whom each holder's events reach."""
    message = event.message
    return message.only_to(event) if message.only_to else people.get(event.holder_id, [])
