"""What a reviewer may do with a bulk run now."""

from functools import partial

from apps.bulk import policies, services
from apps.bulk.enums import BulkAction, BulkOutcome, RunAction
from apps.cards.permissions import check_is_reviewer
from apps.common.addresses import row_url
from apps.common.templatetags.formats import moment
from apps.events.enums import Role
from apps.lifecycle import engine
from apps.lifecycle.offers import Offers, offer, offer_without_move

DISCARD = "DISCARD"  # deletes the dry run; not a move


def offers(run, *, by, at, counts) -> Offers:
    """The offers of `run` for `by`. `counts` are those of its rows."""
    found = [
        offer_of(run, by=by, at=at, counts=counts)
        for action, offer_of in _OFFERS.items()
        if engine.is_allowed(run, action, role=Role.REVIEWER, at=at)
    ]
    if run.is_prepared:
        found.append(_discard(run, by=by))
    return Offers(found)


def _start(run, *, by, at, counts):
    return _offer(
        run,
        RunAction.START,
        f"{run.get_action_display()}这 {counts.get(BulkOutcome.WAITING, 0)} 件",
        partial(policies.check_own, run, by=by),
        partial(policies.check_fresh, run, at=at),
        partial(policies.check_has_rows, counts),
        by=by,
        at=at,
        is_main=True,
    )


def _stop(run, *, by, at, counts):
    hint = "还没有办理的保持原样，已办理的不变。"
    return _offer(run, RunAction.STOP, "停止", by=by, at=at, hint=hint, is_danger=True)


# What a decision that can still be taken back has not set off yet.
_NOT_YET = {
    BulkAction.APPROVE: "还没有送往制卡中心的都能撤回，申请人还没有收到通知。",
    BulkAction.REQUEST_AMENDMENT: "申请人还没有开始修改的都能撤回，申请人还没有收到通知。",
    BulkAction.REJECT: "申请人没有重新办理的都能撤回，申请人还没有收到通知，款项也还没有退。",
}


def _recall(run, *, by, at, counts):
    until = services.recallable_until(run=run)
    hint = until and f"{moment(until)} 前可以撤回，{_NOT_YET[run.action]}"
    check = partial(policies.check_recallable, until, at=at)
    return _offer(run, RunAction.RECALL, "整批撤回", check, by=by, at=at, hint=hint or "")


_OFFERS = {RunAction.START: _start, RunAction.STOP: _stop, RunAction.RECALL: _recall}


def _offer(run, action, words, *checks, by, at, **more):
    return offer(
        run,
        action,
        words=words,
        url=_url(run, action),
        role=Role.REVIEWER,
        at=at,
        checks=(partial(check_is_reviewer, by), *checks),
        is_post=True,
        **more,
    )


def _discard(run, *, by):
    return offer_without_move(
        DISCARD,
        words="放弃",
        url=_url(run, DISCARD),
        checks=(partial(check_is_reviewer, by), partial(policies.check_own, run, by=by)),
        is_post=True,
    )


def _url(run, action):
    return row_url(f"admin:bulk_bulkrun_{action.lower()}", run.reference)
