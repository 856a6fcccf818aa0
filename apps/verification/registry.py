"""The ways in which somebody can prove who they are.

An app registers its ways in a module `ways.py`, which is read when the apps are ready. The pages
that check somebody, the desk and the retention all use the registry.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.forms import Form


def _no_hindrance(*, check, at):
    return None


def _always(check):
    return True


def _not_lately(request, *, at):
    return False


def _nothing_more(*, check, by, at):
    return {}


@dataclass(frozen=True, kw_only=True)
class Way:
    """One way. Several ways may be tried for a check until it has passed."""

    name: str
    """What `Check.method` stores."""
    label: str
    short: str
    """As the choice names it: 刷脸."""
    phrase: str
    """As a sentence lists it: 刷脸比对; "" for a way that nobody chooses."""
    about: Callable[[Any], str]
    """From the check, what it is, as a sentence."""
    form: type[Form]
    submit: Callable[..., None]
    """Called with check, form (valid), by, ip and at. Passes the check by
    `services.decide`, or raises a `Refused`."""
    field: str = ""
    """The field of the form beside which a refusal of `submit` stands; "" for above all."""
    icon: str = "shield"
    template: str = "verification/ways/fields.html"
    """Of the fields, in the part of a page that asks who somebody is (`panel.CheckPanel`)."""
    context: Callable[..., dict[str, Any]] = _nothing_more
    """With check, by and at: what the template needs besides."""
    suits: Callable[[Any], bool] = _always
    """From the check: whether the way is offered for its matter at all."""
    was_gone_lately: Callable[..., bool] = _not_lately
    """With request and at: whether it was gone in this session a short while ago, so that
    nothing has to be asked and an empty form is submitted."""
    hindrance: Callable[..., str | None] = _no_hindrance
    """With check and at: why the way can't be gone now, as a sentence; None when it can."""
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


def suiting(check):
    """The ways that are offered for the matter of `check`."""
    return [way for way in every() if way.suits(check)]


def labels():
    """Name → label, for what was stored."""
    return {way.name: way.label for way in every()}


_NUMERALS = ("", "一", "两", "三", "四", "五")


def in_words(check):
    """两种方式任选：刷脸比对，或手机验证码加登录密码: the ways for the matter of `check`.

    A way without a phrase is not for choosing.
    """
    phrases = [way.phrase for way in suiting(check) if way.phrase]
    *first, last = phrases
    if not first:
        return last
    return f"{_NUMERALS[len(phrases)]}种方式任选：{'，'.join(first)}，或{last}"
