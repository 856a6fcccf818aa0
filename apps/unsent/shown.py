"""What a page showed, as its form carries it back.

Others may change a row while somebody has a page about it open. So the form carries what its page
was made from, in one hidden field, encrypted: the browser can neither read nor change it. The
server compares it with what there is now, and nothing is confirmed that the page did not show.
How two windows save the same form is in merging.py.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from apps.common.refusals import Refused
from apps.encryption.ciphers import InvalidToken
from apps.encryption.fields import decrypt, encrypt

FIELD = "shown"  # the name of the hidden field


def seal(about, facts):
    """The value of the hidden field: `facts` (what JSON can hold) of the page `about`."""
    return encrypt(json.dumps([about, facts], ensure_ascii=False))


def opened(token, about) -> Any:
    """The facts in `token`; None if it is missing, or was not made for the page `about`."""
    try:
        kept_about, facts = json.loads(decrypt(token or ""))
    except InvalidToken:
        return None
    return facts if kept_about == about else None


@dataclass(frozen=True)
class Part:
    """One line of a page that is confirmed: `value` is compared, `words` are what people read."""

    label: str
    words: str
    value: str


def part(label, words, value=None):
    """A `Part`; without a `value` the words are compared. Masked words need the full value."""
    return Part(label, words, words if value is None else value)


@dataclass(frozen=True)
class Difference:
    """A line that is not as the page showed it; `before` or `now` is empty if it was not there."""

    label: str
    before: str
    now: str


class NotAsShown(Refused):
    """What the page showed is not what there is now; `differences` say what changed."""

    def __init__(self, differences, *, first=None):
        words = (
            "您打开这一页以后，下面的内容有了变化，所以还没有提交。请核对后再确认一次。"
            if differences
            else "请先核对这一页的内容，再确认一次。"
        )
        super().__init__(words, code="not_as_shown", first=first)
        self.differences = differences


@dataclass(frozen=True)
class ShownRow:
    """A page that confirms something about one row. `about` names it, `parts` are its lines."""

    about: Callable[[Any], str]
    parts: Callable[[Any], list[Part]]

    def token(self, row):
        """The hidden field of the page that shows `row`."""
        return seal_parts(self.about(row), self.parts(row))

    def check(self, token, row):
        """Raise `NotAsShown` unless the page with the hidden field `token` showed this `row`."""
        check_as_shown(token, self.about(row), self.parts(row))


def seal_parts(about, parts):
    """The hidden field of a page that shows `parts`, to be confirmed."""
    return seal(about, [[part.label, part.words, part.value] for part in parts])


def check_as_shown(token, about, parts, *, first=None):
    """Raise `NotAsShown` unless the page `about` showed `parts`, which are what there is now.

    `first` is the pair (user, moment) of who saved last. Lock the rows before you read `parts`.
    """
    facts = opened(token, about)
    if facts is None:
        raise NotAsShown([])
    before = {label: Part(label, words, value) for label, words, value in facts}
    now = {part.label: part for part in parts}
    nothing = Part("", "", "")
    differences = [
        Difference(label, before.get(label, nothing).words, now.get(label, nothing).words)
        for label in before | now
        if before.get(label, nothing).value != now.get(label, nothing).value
    ]
    if differences:
        raise NotAsShown(differences, first=first)
