"""Who may claim and decide which case. A case is a row of one of the models in `DECISIONS`."""

from django.conf import settings

from apps.cards.enums import RequestAction
from apps.cards.models import CardRequest
from apps.cards.permissions import check_is_reviewer
from apps.cards.policies import party_refusal
from apps.common.moments import day_of
from apps.common.refusals import Refused
from apps.common.templatetags import formats
from apps.desk.claims.refusals import HeldByOther, NotClaimed
from apps.events.enums import Role
from apps.lifecycle import engine
from apps.people.enums import GuardianshipAction
from apps.people.models import Guardianship
from apps.people.permissions import is_party
from apps.replacement.enums import FormalLossAction
from apps.replacement.models import FormalLoss

DECISIONS = {
    CardRequest: (
        RequestAction.APPROVE,
        RequestAction.REQUEST_AMENDMENT,
        RequestAction.REJECT,
    ),
    FormalLoss: (
        FormalLossAction.CONFIRM,
        FormalLossAction.REFUSE,
        FormalLossAction.WITHDRAW,
    ),
    Guardianship: (GuardianshipAction.CONFIRM, GuardianshipAction.REFUSE),
}
# The Chinese words for a case and for deciding on it.
_WORDS = {
    CardRequest: ("申请", "审核"),
    FormalLoss: ("申请", "审核"),
    Guardianship: ("登记", "确认"),
}


def open_decisions(subject, *, at):
    """The decisions that the table has for the status of `subject` at the moment `at`."""
    return [
        action
        for action in DECISIONS[type(subject)]
        if engine.is_allowed(subject, action, role=Role.REVIEWER, at=at)
    ]


def check_may_decide(subject, *, by, is_near=None):
    """Raise `MayNotReview` unless `by` is a reviewer who is not too near to `subject`.

    `is_near` may be given if it is known already, as for the rows of a list.
    """
    check_is_reviewer(by)
    if is_party(by, subject) if is_near is None else is_near:
        what, verb = _WORDS[type(subject)]
        raise party_refusal(what=what, verb=verb)


def check_undecided(subject, *, at):
    """Raise `Refused` when nothing is left to decide on `subject`."""
    if not open_decisions(subject, at=at):
        raise Refused("这件已有决定，不需要领办。", code="not_open", row=subject)


def check_free(claim, *, by, at):
    """Raise `HeldByOther` while a colleague of `by` holds the case of `claim` (or None)."""
    if claim is not None and claim.by_id != by.pk and claim.is_live(at):
        raise HeldByOther(claim)


def last_day(at):
    """The last day until which a case can be put away at the moment `at`."""
    return day_of(at) + settings.POSTPONE_AT_MOST


def check_day(day, *, at):
    """Raise `Refused` unless a case can be put away until `day`."""
    last = last_day(at)
    if not day_of(at) < day <= last:
        raise Refused(f"请选明天或以后的一天，最晚到 {formats.day(last)}。", code="no_such_day")


def check_held(claim, *, by, at):
    """Raise `NotClaimed` or `HeldByOther` unless `by` holds the case of `claim` (or None).

    A claim that lapsed while nobody else wanted the case still counts.
    """
    check_free(claim, by=by, at=at)
    if claim is None or claim.by_id != by.pk:
        raise NotClaimed(
            "您还没有领办这件，或领办已经失效。请先点「领办」，再作决定。", code="not_claimed"
        )
