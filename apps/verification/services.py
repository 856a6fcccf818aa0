"""Beginning and using an identity check. The ways to pass it are in ways.py.

Comparing faces, sending a message and hashing a password are slow, so they happen outside of
transactions: each step is written by compare-and-swap before and after the slow part.
"""

from django.conf import settings
from django.db import transaction
from django.utils.http import url_has_allowed_host_and_scheme

from apps.cards.permissions import role_of
from apps.events.enums import Channel, Role
from apps.lifecycle import engine
from apps.lifecycle.refusals import NotAllowed
from apps.verification.enums import GOOD, CheckAction, CheckOutcome
from apps.verification.models import Check
from apps.verification.policies import sees_a_reviewer
from apps.verification.refusals import CheckRefused


@transaction.atomic
def begin(*, holder, by, purpose, card_request, next_url, at):
    """Begin a `Check` of `by`, who acts for `holder`. Once passed, it leads to `next_url`.

    `card_request` may be None; `next_url` is a path of this portal. Raises `NotYours`.
    """
    role = role_of(by, holder, at=at)
    if not next_url.startswith("/") or not url_has_allowed_host_and_scheme(next_url, None):
        raise ValueError("next_url must be a path of this portal")
    check = Check(
        holder=holder,
        by=by,
        purpose=purpose,
        card_request=card_request,
        next_url=next_url,
        created_at=at,
        expires_at=at + settings.CHECK_LIFETIME,
    )
    engine.begin(check, CheckAction.BEGIN, by=by, role=role, at=at, channel=Channel.WEB)
    return check


def decide(*, check, outcome, method, score, at):
    """Write the result of a try by the way `method`.

    Nothing happens when the check has passed, expired or been used in the meantime.
    """
    action = CheckAction.PASS if outcome in GOOD else CheckAction.REFUSE
    details = {"outcome": outcome, "method": method, "score": score, "decided_at": at}
    try:
        _move(check, action, at=at, facts={"method": method, "outcome": outcome}, **details)
    except NotAllowed:
        check.refresh_from_db()


def use(*, holder, purpose, card_request, by, at):
    """Use up one passed check of `by` for exactly this person, matter and request.

    An uncertain one counts only where a reviewer decides afterwards. Returns the `Check`. Raises
    `CheckRefused` (not_verified) when there is none.
    """
    candidates = Check.objects.usable(at).filter(
        holder=holder, by=by, purpose=purpose, card_request=card_request
    )
    if not sees_a_reviewer(purpose=purpose, card_request_id=card_request and card_request.pk):
        candidates = candidates.filter(outcome=CheckOutcome.PASSED)
    for check in candidates.order_by("pk"):
        try:
            _move(check, CheckAction.USE, at=at)
        except NotAllowed:
            continue
        return check
    raise CheckRefused("请先核验身份，或核验已过期，请重新核验。", code="not_verified")


def _move(check, action, *, at, **details):
    is_own = check.holder.user_id == check.by_id
    role = Role.HOLDER if is_own else Role.GUARDIAN
    engine.move(check, action, by=check.by, role=role, at=at, channel=Channel.WEB, **details)
