"""How an app says who is told what by which event.

Each app lists its own in `messages.py` as `MESSAGES`; apps.notices collects them into one table,
sends them, and generates docs/messages.md from them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

PORTAL = "PORTAL"
SMS = "SMS"
FORMER_PHONE = "FORMER_PHONE"
PORTAL_ONLY = (PORTAL,)
PORTAL_AND_SMS = (PORTAL, SMS)


@dataclass(frozen=True)
class Message:
    """One event told to the people whom it concerns: the holder, or the guardians of a child.

    `kind` and `action` are those of the event; `template` is a text template with whole sentences
    and no personal data. It gets `event`, `subject` (a row of the queryset that `rows` returns),
    `whose` (您的, or 您子女*乐的) and what `facts` returns for the event: a function of a list of
    events that answers {pk: dict} with a fixed number of queries.

    `told_by` narrows the roles by which the event happened (nobody is told what they did
    themselves); `wait` is how long after the event it is told; `undone_by` are the actions one of
    which, as the very next event of the subject, makes it void; `only_to` names the user keys to
    tell in place of the holder and the guardians, of an event that is prepared.
    """

    kind: str
    action: str
    template: str
    channels: tuple[str, ...] = PORTAL_AND_SMS
    told_by: tuple[str, ...] = ()
    rows: Callable[[], Any] | None = None
    facts: Callable[[list], dict[int, dict]] | None = None
    wait: Callable[[], timedelta] = timedelta
    undone_by: tuple[str, ...] = ()
    only_to: Callable[[Any], list[int]] | None = None
