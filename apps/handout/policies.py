"""What is allowed now with a card at the unit, beyond the table of moves."""

from datetime import timedelta

from django.conf import settings

from apps.cards.enums import CardStatus
from apps.common.moments import day_of, end_of, kept_until
from apps.common.refusals import Refused
from apps.common.rules import rule_text
from apps.events.enums import Role
from apps.handout.enums import BoxCardAction
from apps.lifecycle import engine
from apps.people.permissions import is_party


def end_of_keeping(at):
    """The moment up to which a card that was counted at `at` is kept at the unit."""
    return kept_until(at, settings.UNIT_KEEPS)


def kept_for(day):
    """Up to when the card of somebody who was asked to come on the `HandOutDay` is kept at least.

    Else it would go back to the bureau before the holder comes for it.
    """
    return end_of(day_of(day.ends_at))


def last_day_kept(box_card):
    """The last day on which `box_card`, which lies at the unit, can be fetched."""
    return day_of(box_card.kept_until - timedelta(microseconds=1))


def undo_until(box_card):
    """Up to when the hand-out of `box_card` can be taken back."""
    return box_card.status_since + settings.HAND_OUT_UNDO_WINDOW


def check_undo(box_card, *, at):
    """Raise `Refused` unless its hand-out can be taken back at `at`. Select `card` along."""
    if at >= undo_until(box_card):
        raise Refused(
            f"交卡已超过{rule_text('HAND_OUT_UNDO_WINDOW')}，不能收回。请联系持卡人当面核实。",
            code="too_late",
        )
    if box_card.card.status != CardStatus.SEALED:
        raise Refused("这张卡已经启用或挂失，不能收回。", code="in_use")


def check_not_own(box_card, user):
    """Raise `Refused` if `user` would hand out a card to themselves or to their family."""
    if is_party(user, box_card):
        raise Refused("这是您本人或您家人的卡，请由同事来交。", code="own")


def check_not_to_oneself(user, proxy):
    """Raise `Refused` if `user` would hand out a card to themselves as `proxy`, a `Holder`."""
    if proxy is not None and proxy.user_id == user.pk:
        raise Refused("代领人是您自己，请由同事来交。", code="own")


def check_is_proxy(box_card, person, *, at):
    """Raise `Refused` unless `person` (a `Holder` or None) may fetch it for the holder at `at`."""
    now = box_card.proxy_at(at)
    if now is None:
        raise Refused("委托已经取消了。", code="not_proxy", row=box_card)
    if person is None or now.pk != person.user_id:
        raise Refused("委托的人已经换了，请看这一页现在的内容。", code="not_proxy", row=box_card)


def may_name_proxy(box_card, *, at):
    """Whether the holder can still let somebody else fetch the card: while it is kept."""
    return engine.is_allowed(box_card, BoxCardAction.AUTHORISE, role=Role.HOLDER, at=at)


def first_reminder(at):
    """When somebody whose card was counted at `at` is first reminded, unless invited before."""
    return at + settings.HAND_OUT_REMINDER


def undo_window():
    """How long a hand-out can be undone, so that nobody is told of it before."""
    return settings.HAND_OUT_UNDO_WINDOW
