"""What the pages about the words of messages read: every message, its versions, who is told."""

from dataclasses import dataclass
from difflib import SequenceMatcher

from apps.common.messaging import fills_templates
from apps.common.rules import rule_text
from apps.events import kinds
from apps.events.enums import Role
from apps.events.messages import MAIL, SMS, WECOM, DirectText, Message
from apps.notices import channels, notation, preferences, table, wordings
from apps.notices.enums import MessageWay
from apps.notices.models import MessageWording
from apps.notices_desk import checks

_OTHERS = "孩子的另一位监护人，做这件事的人除外"
_PARTS = (
    ("text", "内容"),
    ("sms_text", "短信内容"),
    ("sms_code", "短信模板代码"),
    ("title", "邮件标题"),
)
_WAYS = {WECOM: MessageWay.WECOM, MAIL: MessageWay.MAIL}


@dataclass(frozen=True)
class Words:
    """What a version says. Without `sms_text` the SMS says `text`; a mail has the `title`."""

    text: str
    sms_text: str = ""
    sms_code: str = ""
    title: str = ""

    @property
    def by_sms(self):
        return self.sms_text or self.text


def label(message):
    """社保卡 · 到期自动恢复."""
    if isinstance(message, DirectText):
        return f"{message.topic} · {message.label}"
    kind = kinds.get(message.kind)
    others = "（告诉另一位监护人）" if message.to_others else ""
    return f"{kind.label} · {kind.actions(message.action).label}{others}"


def audience(message):
    """Who is told, in words."""
    if isinstance(message, DirectText):
        return message.audience
    if message.to_others:
        return _OTHERS
    age = rule_text("GUARDIAN_UNTIL_AGE")
    told = message.audience or f"持卡人本人；未满 {age}的，告诉每位监护人"
    roles = "、".join(str(Role(role).label) for role in message.told_by)
    return f"{told}（只在由{roles}办理时）" if roles else told


def channels_of(message):
    """The names of all channels by which `message` may go, in their order.

    What goes by SMS goes by 企业微信 or e-mail to those who chose it, unless it is urgent.
    """
    further = () if message.is_urgent or SMS not in message.channels else (WECOM, MAIL)
    return (*message.channels, *further)


def named(channel):
    """The label of the channel of this name, and that this installation does not have it."""
    way = _WAYS.get(channel)
    missing = way is not None and way not in preferences.offered()
    return channels.get(channel).label + ("（没有接入）" if missing else "")


def words_of(message, wording):
    """The `Words` of the version `wording`, or of the program where it is None."""
    text = wording.text if wording else ""
    text = text or table.program_words(message)[0]
    if wording is None:
        return Words(text)
    return Words(text, wording.sms_text, wording.sms_code, wording.title)


def has_title(message):
    """Whether `message` may go by mail with a title that can be edited."""
    return isinstance(message, Message) and any(
        channels.get(name).has_title for name in channels_of(message)
    )


def has_code(message):
    """Whether a provider of approved templates can be given the values of `message`."""
    return SMS in message.channels and getattr(message, "has_parts", True)


@dataclass(frozen=True)
class SaidByChannels:
    """What goes out by channels that say the same: `labels`, and each text with its condition."""

    labels: str
    texts: list
    is_sms: bool

    @property
    def longest(self):
        """(characters with the signature, parts) of the longest SMS."""
        count = max(checks.units(each["bare"]) for each in self.texts)
        return {"units": count, "parts": checks.sms_parts(count)}


def said(message, words):
    """The `SaidByChannels` of `message` in these `Words`. Raises `UnreadableWords`."""
    _, vocabulary = table.program_words(message)
    groups: dict[tuple, list[str]] = {}
    for name in channels_of(message):
        written = (name in wordings.BY_SMS and words.sms_text) or words.text
        groups.setdefault((written, channels.get(name).sign), []).append(name)
    return [
        SaidByChannels(
            "、".join(map(named, names)),
            [
                {"when": _when(true, parts), "text": sign + text, "bare": text}
                for true, text in notation.examples(parts)
            ],
            any(name in wordings.BY_SMS for name in names),
        )
        for (written, sign), names in groups.items()
        for parts in (notation.parsed(written, vocabulary),)
    ]


def _when(true, parts):
    """Which of the conditions in `parts` hold in an example, in words; "" without conditions."""
    if true:
        return "、".join(true)
    return "都不是" if notation.conditions_of(parts) else ""


def to_have_approved(message, words):
    """The SMS in the notation of a provider of templates, and what its variables are; or None."""
    if not has_code(message):
        return None
    _, vocabulary = table.program_words(message)
    parts = notation.parsed(words.sms_text or words.text, vocabulary)
    text = notation.for_provider(parts)
    return {
        "text": text,
        "variables": notation.provider_names(parts).items() if text else (),
        "is_used": fills_templates(),
    }


@dataclass(frozen=True)
class Entry:
    """One message on the list: what it says now, and what it will say."""

    message: Message | DirectText
    kind: str
    action: str
    said: list
    current: MessageWording | None
    newest: MessageWording | None
    problem: str = ""

    @property
    def is_edited(self):
        newest = self.newest
        return bool(newest and (newest.text or newest.sms_text or newest.title))


def entries(*, at):
    """Every message with the words in force at `at`; one query."""
    messages = [*table.messages(), *table.texts()]
    found = wordings.versions([message.key for message in messages])
    return [_entry(message, found.get(message.key, []), at) for message in messages]


def _entry(message, newest_first, at):
    current = wordings.in_force(newest_first, at)
    problem = ""
    try:
        texts = said(message, words_of(message, current))
    except notation.UnreadableWords as error:
        problem, texts = str(error), said(message, words_of(message, None))
    kind, action = _names(message)
    return Entry(
        message,
        kind,
        action,
        texts,
        current,
        newest_first[0] if newest_first else None,
        problem,
    )


def _names(message):
    """(kind, action) under which the list shows `message`."""
    if isinstance(message, DirectText):
        return message.topic, message.label
    kind = kinds.get(message.kind)
    others = "，告诉另一位监护人" if message.to_others else ""
    return kind.label, kind.actions(message.action).label + others


def history(message, newest_first, *, at):
    """The versions of `message`, the newest first, each with how it differs from the one before.

    Version 0, the program's own words, stands last.
    """
    current = wordings.in_force(newest_first, at)
    found = []
    for place, row in enumerate([*newest_first, None]):
        before = newest_first[place + 1] if place + 1 < len(newest_first) else None
        words = words_of(message, row)
        found.append(
            {
                "row": row,
                "number": row.number if row else 0,
                "words": words,
                "is_current": row == current,
                "is_ahead": row is not None and row.applies_from > at and place == 0,
                "is_dropped": row is not None and row.applies_from > at and place > 0,
                "changes": differences(words_of(message, before), words) if row else [],
            }
        )
    return found


def differences(before, after):
    """[(label, pieces)] of what differs between two `Words`; each piece is (kept, was, is)."""
    found = []
    for name, title in _PARTS:
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            found.append((title, _pieces(was, now)))
    return found


def _pieces(was, now):
    matcher = SequenceMatcher(None, was, now, autojunk=False)
    return [
        {"kept": was[a:b]} if tag == "equal" else {"was": was[a:b], "now": now[c:d]}
        for tag, a, b, c, d in matcher.get_opcodes()
    ]
