"""Who holds a case, and what somebody may do about that: claim it, give it back, take it over."""

from dataclasses import dataclass
from functools import partial

from django.db import models

from apps.common.addresses import row_url
from apps.common.refusals import Refused
from apps.desk.absences.policies import why_absent
from apps.desk.claims.live import claims_of
from apps.desk.claims.policies import (
    check_free,
    check_may_decide,
    check_undecided,
    open_decisions,
)
from apps.desk.models import Claim
from apps.lifecycle.offers import Offer, known, offer_without_move, refusal_of
from apps.people.permissions import near_keys


class ClaimAction(models.TextChoices):
    """What can be done about a claim. The label is the word on the button in a list."""

    CLAIM = "CLAIM", "领办"
    RELEASE = "RELEASE", "放回"
    TAKE_OVER = "TAKE_OVER", "接手"
    POSTPONE = "POSTPONE", "稍后办"
    REFER = "REFER", "转给同事"


@dataclass(frozen=True)
class Hold:
    """Who holds a case, and what one reader may do about it.

    `claim` is the live claim, or None; `offer` is what the reader may do about it. `barred` is the
    reason why the reader may never decide on this case, or None; `away` is the sentence why not
    now, if there is something to decide and the reader is away, else "".
    """

    claim: Claim | None
    is_mine: bool
    is_party: bool
    barred: Refused | None
    offer: Offer
    away: str = ""


def hold_of(subject, *, by, at):
    """The `Hold` of one case for `by`."""
    return holds_of([subject], away=why_absent(by=by, at=at), by=by, at=at)[0]


def holds_of(cases, *, away, by, at):
    """The `Hold` of each of `cases`, a list of one model, for `by`: two queries for all.

    `away` is what `why_absent` says of `by`.
    """
    near = near_keys(cases, by)
    held = claims_of(cases, at=at)
    # What is the same for many of them is judged once.
    barred, is_open = {}, {}
    found = []
    for subject in cases:
        is_party, status = subject.pk in near, subject.status_at(at)
        if is_party not in barred:
            barred[is_party] = refusal_of(check_may_decide, subject, by=by, is_near=is_party)
        if status not in is_open:
            is_open[status] = bool(open_decisions(subject, at=at))
        judged = {"barred": barred[is_party], "is_open": is_open[status], "is_party": is_party}
        claim = held.get(subject.pk)
        found.append(_hold(subject, claim, **judged, away=away, by=by, at=at))
    return found


def _hold(subject, claim, *, barred, is_open, is_party, away, by, at):
    # A claim of a case on which nothing is left to decide is not shown.
    shown = claim if is_open else None
    is_mine = shown is not None and shown.by_id == by.pk
    return Hold(
        claim=shown,
        is_mine=is_mine,
        is_party=is_party,
        barred=barred,
        offer=_offer(subject, shown, barred, is_open=is_open, is_mine=is_mine, away=away, at=at),
        away=away if is_open and not barred else "",
    )


def postpone(subject, hold, *, by, at):
    """The `Offer` to put `subject` away until a day; `hold` is the `Hold` of `by`."""
    checks = (
        known(hold.barred),
        partial(check_undecided, subject, at=at),
        partial(check_free, hold.claim, by=by, at=at),
    )
    return _to(subject, ClaimAction.POSTPONE, "放到这一天", checks)


def refer(subject, hold, *, by, at):
    """The `Offer` to refer `subject` to a colleague; `hold` is the `Hold` of `by`."""
    checks = (
        known(hold.barred),
        partial(check_undecided, subject, at=at),
        partial(check_free, hold.claim, by=by, at=at),
    )
    return _to(subject, ClaimAction.REFER, "转给同事、请同事看", checks, is_post=False)


def _offer(subject, claim, barred, *, is_open, is_mine, away, at):
    checks = [known(barred)]
    if not is_open:
        checks.append(partial(check_undecided, subject, at=at))
    if away:
        checks.append(known(Refused(away, code="away")))
    if claim is None:
        return _to(subject, ClaimAction.CLAIM, "领办这件", checks, is_main=True)
    if is_mine:
        return _to(subject, ClaimAction.RELEASE, "放回待办", ())
    return _to(
        subject, ClaimAction.TAKE_OVER, "接手", checks, hint="会记录您的工号；请先与对方商量。"
    )


def _to(subject, action, words, checks, *, is_post=True, **more):
    page = f"admin:{subject._meta.app_label}_{subject._meta.model_name}_{action.lower()}"
    url = row_url(page, subject.reference)
    return offer_without_move(action, words=words, url=url, checks=checks, is_post=is_post, **more)
