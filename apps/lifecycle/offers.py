"""What somebody may do with a row now, as every page shows it.

Each matter makes its offers in its `offers.py`, from the table of moves and its policies. Home,
progress, records and the desk show them, so no page compares a status.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from apps.common.refusals import Refused
from apps.lifecycle import engine

Checks = Iterable[Callable[[], object]]


@dataclass(frozen=True)
class Offer:
    """One thing that can be done, or the sentence why not.

    `words` stand on the button, `hint` is a sentence beside it, `url` is the page (or, with
    `is_post`, the address to post to); `is_main` is the one to do first,
    `is_danger` one that is hard to undo. `refusal` is None while
    the offer is open; a closed one says in `why_not` what is wrong, and in `next_step` (label, URL)
    what helps instead, if anything.
    """

    action: str
    words: str
    url: str
    hint: str = ""
    is_main: bool = False
    is_post: bool = False
    is_danger: bool = False
    refusal: Refused | None = None

    @property
    def is_open(self):
        return self.refusal is None

    @property
    def why_not(self):
        return self.refusal.message if self.refusal else ""

    @property
    def next_step(self):
        return self.refusal.next_step if self.refusal else None


class Offers(list[Offer]):
    """The offers of one row, in the order in which they are shown."""

    @property
    def open(self):
        return [offer for offer in self if offer.is_open]

    @property
    def closed(self):
        return [offer for offer in self if not offer.is_open]

    @property
    def main(self):
        """The open offer to show first, or None."""
        return next((offer for offer in self if offer.is_open and offer.is_main), None)

    def of(self, action):
        """The offer of `action`, open or closed; None where it is not among them."""
        return next((offer for offer in self if offer.action == action), None)


def offer(
    row,
    action,
    *,
    words: str,
    url: str,
    role: str | None,
    at,
    checks: Checks = (),
    hint: str = "",
    is_main: bool = False,
    is_post: bool = False,
    is_danger: bool = False,
) -> Offer:
    """The `Offer` of `action` on `row` for `role` at the moment `at`.

    `checks` are called first, in order: policies that raise a `Refused` with better words than the
    table has. The table decides last. Without a `role` one of the checks has to refuse.
    """
    by_table = partial(engine.check_allowed, row, action, role=role, at=at)
    refusal = _refusal([*checks, by_table])
    return Offer(
        action,
        words,
        url,
        hint,
        is_main=is_main,
        is_post=is_post,
        is_danger=is_danger,
        refusal=refusal,
    )


def offer_to_begin(
    lifecycle,
    action,
    *,
    words: str,
    url: str,
    role: str | None,
    checks: Checks = (),
    hint: str = "",
    is_main: bool = False,
) -> Offer:
    """The `Offer` of an `action` that brings a row of `lifecycle` into being, as `offer`."""
    by_table = partial(engine.check_may_begin, lifecycle, action, role=role)
    refusal = _refusal([*checks, by_table])
    return Offer(action, words, url, hint, is_main=is_main, refusal=refusal)


def offer_without_move(
    action: str,
    *,
    words: str,
    url: str,
    checks: Checks,
    hint: str = "",
    is_main: bool = False,
    is_post: bool = False,
) -> Offer:
    """The `Offer` of something that moves no row (an address that changes), judged by `checks`."""
    refusal = _refusal(checks)
    return Offer(action, words, url, hint, is_main=is_main, is_post=is_post, refusal=refusal)


def refusal_of(check, *args, **options) -> Refused | None:
    """What `check` raises when it is called with the rest, or None."""
    return _refusal([partial(check, *args, **options)])


def known(refusal):
    """A check that raises `refusal`, which was found before; one of None passes."""

    def check():
        if refusal is not None:
            raise refusal

    return check


def _refusal(checks):
    """What the first of `checks` raises that does not pass, or None."""
    try:
        for check in checks:
            check()
    except Refused as refusal:
        return refusal
    return None
