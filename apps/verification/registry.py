"""The ways in which somebody can prove who they are.

An app registers its ways in a module `ways.py`, which is read when the apps are ready. The page
with the choice, the page of the way, the desk and the retention all use the registry.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.forms import Form


def _no_hindrance(*, check):
    return None


def _nothing_more(*, check, by, at):
    return {}


@dataclass(frozen=True, kw_only=True)
class Way:
    """One way. Several ways may be tried for a check until it has passed."""

    name: str
    """What `Check.method` stores."""
    label: str
    short: str
    """As a button says it: 用人脸核验."""
    phrase: str
    """As a sentence lists it: 刷脸比对."""
    takes: str
    """How long, in words: 约半分钟."""
    about: Callable[[Any], str]
    """From the check, the sentence below the heading of the choice."""
    form: type[Form]
    submit: Callable[..., None]
    """Called with check, form (valid), by, ip and at. Passes the check by
    `services.decide`, or raises a `Refused`."""
    template: str = "verification/way.html"
    context: Callable[..., dict[str, Any]] = _nothing_more
    """With check, by and at: what the template needs besides."""
    hindrance: Callable[..., str | None] = _no_hindrance
    """With check: why the way can't be gone now, as a sentence; None when it can."""
    forget: Callable[..., int] | None = None
    """With at and limit: deletes what was kept of tries, in time."""

    @property
    def slug(self):
        """The name of the way in URLs."""
        return self.name.lower()


_WAYS: dict[str, Way] = {}


def register(way):
    """Make `way` known and return it. Raises ValueError when its name is taken."""
    if way.name in _WAYS:
        raise ValueError(f"two ways are named {way.name}")
    _WAYS[way.name] = way
    return way


def every():
    """The ways, in the order in which they are offered."""
    return list(_WAYS.values())


def find(slug):
    """The `Way` of this address; None without one."""
    return next((way for way in every() if way.slug == slug), None)


def labels():
    """Name → label, for what was stored."""
    return {way.name: way.label for way in every()}


_NUMERALS = ("", "一", "两", "三", "四", "五")


def in_words():
    """两种方式任选：刷脸比对，或手机验证码加登录密码."""
    phrases = [way.phrase for way in every()]
    *first, last = phrases
    if not first:
        return last
    return f"{_NUMERALS[len(phrases)]}种方式任选：{'，'.join(first)}，或{last}"
