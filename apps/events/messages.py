"""How an app says who is told what by which event.

Each app lists its own in `messages.py` as `MESSAGES`; apps.notices collects them into one table,
sends them, and generates docs/messages.md from them. What an app sends without an event, a code or
a link, it lists as `TEXTS` and sends in the words of `say`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.template.loader import render_to_string

from apps.common.messaging import SIGN
from apps.common.rules import rule_text
from apps.events.enums import Role

PORTAL = "PORTAL"
SMS = "SMS"
FORMER_PHONE = "FORMER_PHONE"
WECOM = "WECOM"
MAIL = "MAIL"
PORTAL_ONLY = (PORTAL,)
PORTAL_AND_SMS = (PORTAL, SMS)


@dataclass(frozen=True)
class Placeholder:
    """What the words of a message leave open, as supervisors write it: {`name`}.

    `code` is what stands in the room's own template, `example` what a preview shows in its place.
    What `is_needed` may not be left out of words that are edited.
    """

    code: str
    name: str
    example: str
    is_needed: bool = False


@dataclass(frozen=True)
class Condition:
    """On what some of the words of a message depend: {如果 `name`} stands for {% if `code` %}.

    With `is_needed` words without it would be wrong for some people.
    """

    code: str
    name: str
    is_needed: bool = False


# Each app lists what only its own templates name as `PLACEHOLDERS`; these are common to all.
COMMON = (
    Placeholder("whose", "谁的", "您的", is_needed=True),
    Placeholder("reason", "原因", "照片背景不是白色", is_needed=True),
    Placeholder("operator", "联系谁", "人事处社会保障卡服务窗口"),
    Placeholder("promised_date|end_of_day", "原定期限", "12月4日（周五）24:00", is_needed=True),
    Placeholder("expected_date|promise", "预计日期", "12月9日（周三）24:00 前", is_needed=True),
    Placeholder("what", "事项", "社保卡（*****1058）", is_needed=True),
    Placeholder('rule "GUARDIAN_UNTIL_AGE"', "代办到几岁", rule_text("GUARDIAN_UNTIL_AGE")),
    Condition("is_again", "又一次超期"),
    Condition("reason", "写了原因"),
)
# What one guardian does, the other one reads of the child.
OF_OTHERS = (Placeholder("whose", "谁的", "您子女*乐的", is_needed=True),)


@dataclass(frozen=True)
class Message:
    """One event told to the people whom it concerns: the holder, or the guardians of a child.

    `kind` and `action` are those of the event; `template` is a text template with whole sentences
    and no personal data. It gets `event`, `subject` (a row of the queryset that `rows` returns),
    `whose` (您的, or 您子女*乐的) and what `facts` returns for the event: a function of a list of
    events that answers {pk: dict} with a fixed number of queries.

    `told_by` narrows the roles by which the event happened (nobody is told what they did
    themselves); `wait` is how long after the event it is told; `undone_by` are the actions one of
    which, as the very next event of the subject, makes it void; `unless_told` are the actions of
    which the last one before, if the person was told of it by the same channel, says it all;
    `only_to` names the user keys to
    tell in place of the holder and the guardians, of an event that is prepared; `also_to` those who
    are told beside them, whatever became of their part. With `to_others`
    whoever did it is left out; an event may have one such message beside the one for all. `words`
    are values of the template that are the same for every event. What `is_urgent` protects an
    account: it goes by all its channels, at any hour, whatever the person has chosen. What
    `is_optional` is a reminder that people can switch off. `facts` with `is_over` say that the
    matter was settled meanwhile: then the message is not sent.
    `audience` says at the desk, in Chinese, whom `only_to` names.
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
    unless_told: tuple[str, ...] = ()
    only_to: Callable[[Any], list[int]] | None = None
    also_to: Callable[[Any], list[int]] | None = None
    to_others: bool = False
    words: tuple[tuple[str, str], ...] = ()
    is_urgent: bool = False
    is_optional: bool = False
    audience: str = ""

    @property
    def key(self):
        """Its name in addresses and in the table of its versions: request.ACCEPT."""
        return ".".join([self.kind, str(self.action), *(["others"] if self.to_others else [])])


def to_other_guardians(kind, action, *, verb, what, rows, then="", channels=PORTAL_ONLY):
    """The `Message` by which the second guardian of a child hears what the first one did.

    It reads 另一位监护人`verb`您子女*乐的`what`(subject)`then`. Whoever did it, is not told.
    """

    def facts(events):
        return {event.pk: {"what": what(event.subject)} for event in events if event.subject}

    return Message(
        kind,
        action,
        "events/messages/other_guardian.txt",
        channels,
        told_by=(Role.GUARDIAN,),
        rows=rows,
        facts=facts,
        to_others=True,
        words=(("verb", verb), ("then", then)),
    )


@dataclass(frozen=True)
class DirectText:
    """A text that is sent without an event of its own, such as a code.

    `name` is unique among all; `topic` and `label` are how the desk names it; `audience` says in
    Chinese who reads it. `template` is as of a `Message`. What `is_urgent` goes at once and only by
    `channels`. With `has_parts` a provider of approved templates is given the values of one.
    """

    name: str
    topic: str
    label: str
    template: str
    audience: str
    channels: tuple[str, ...] = (SMS,)
    is_urgent: bool = True
    has_parts: bool = True
    words: tuple[tuple[str, str], ...] = ()

    @property
    def key(self):
        return f"text.{self.name}"


@dataclass(frozen=True)
class SaidText:
    """What a `DirectText` says, without a signature."""

    text: str
    sms_text: str
    # In place of the text, where a provider sends approved templates: {parts, template}.
    approved: dict[str, Any]

    @property
    def by_sms(self):
        """What `send_sms` takes."""
        return {"text": SIGN + self.sms_text, **self.approved}


_editors: list[Callable] = []


def edited_by(editor):
    """Have `editor(text, values, at)` look for words that replace the program's.

    It returns (text, text of the SMS, {template, parts} of an approved template or {}), or None.
    """
    _editors.append(editor)


def say(text, *, at, parts=None, **values):
    """What the `DirectText` `text` says at the moment `at`: a `SaidText`.

    `values` are what its template names; `parts` what a provider's template for its kind takes.
    """
    found = next(filter(None, (edit(text, values, at) for edit in _editors)), None)
    if found is None:
        said = render_to_string(text.template, values).strip()
        found = said, said, {}
    by_page, by_sms, approved = found
    return SaidText(by_page, by_sms, approved or {"parts": parts})
