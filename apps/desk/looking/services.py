"""The logged look at full personal data: with a reason, or to decide on a case that is claimed."""

from django.db import transaction

from apps.cards.models import CardRequest
from apps.cards.policies import check_is_no_party
from apps.common.refusals import check_reason
from apps.desk import event_kinds
from apps.desk import services as desk
from apps.desk.claims import services as claims
from apps.desk.event_kinds import CaseAction, DeskHolderAction
from apps.desk.looks import looks_by

_LOOK = "查看完整信息"


@transaction.atomic
def disclose(*, subject, what, reason, by, at):
    """Record that `by` is shown `what` of a case in full, and why.

    `by` may read cases. Raises `MayNotReview` for a party, `Refused` without a reason.
    """
    called = "申请" if isinstance(subject, CardRequest) else "登记"
    check_is_no_party(by, subject, what=called, verb=_LOOK)
    return _record(subject, what=what, reason=reason, by=by, at=at)


@transaction.atomic
def disclose_holder(*, holder, what, reason, by, at):
    """Record that `by` is shown `what` of a person, and why. Raises as `disclose`."""
    check_is_no_party(by, holder, what="资料", verb=_LOOK)
    return _record_person(holder, facts={"what": what}, reason=_stated(reason), by=by, at=at)


@transaction.atomic
def record_search(*, found, has_result, reason, by, at):
    """Record that `by` searched by numbers that are personal data, before the result is shown.

    `found` is {"手机号": the people whom it found}: a look at each of them. Where the search has no
    result, that is recorded once.
    """
    for number, holders in found.items():
        for holder in holders:
            _record_person(holder, facts=_searched(number), reason=reason, by=by, at=at)
    if found and not has_result:
        facts = _searched(*sorted(found), ending="，没有找到")
        _record_person(None, facts=facts, reason=reason, by=by, at=at)


@transaction.atomic
def open_claimed(*, subject, what, since, reason, by, at):
    """Record, once for each claim, that `by` is shown `what` of a case to decide on it.

    `since` is when `by` claimed it, `reason` what is done with it.
    """
    before = looks_by(by, subject, since=since)
    if any(look.facts.get("what") == what for look in before):
        return None
    return _record(subject, what=what, reason=reason, by=by, at=at)


def _record(subject, *, what, reason, by, at):
    return claims.record(
        subject=subject,
        action=CaseAction.LOOK,
        by=by,
        at=at,
        facts={"what": what},
        reason=_stated(reason),
    )


def _searched(*numbers, ending=""):
    return {"what": "、".join(f"按{number}查找" for number in numbers) + ending}


def _record_person(holder, **details):
    return desk.record(
        kind=event_kinds.HOLDER,
        action=DeskHolderAction.LOOK,
        row=holder,
        holder_id=holder and holder.pk,
        **details,
    )


def _stated(reason):
    check_reason(reason, "请写明查看完整信息的原因，会和您的工号一起记录。")
    return reason.strip()
