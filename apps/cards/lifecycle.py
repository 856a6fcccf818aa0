"""The tables of moves, and the one function that applies a move.

Checks, buttons, admin actions, the diagram in docs/lifecycle.md and the exhaustive tests are all
read from the two tables. Nothing else in the code base assigns a status.
"""

import copy
from dataclasses import dataclass, field

from django.db import transaction

from apps.cards.enums import CardAction, CardStatus, RequestAction, RequestStatus, Role
from apps.cards.models import Card, CardEvent, CardRequest
from apps.common.refusals import Refused


@dataclass(frozen=True)
class Move:
    """One row of a table: from which statuses, to which one, by whom.

    `sources` is empty for the action that brings a row into being. `clears` names the fields that
    have no meaning after the move and are emptied by it.
    """

    sources: frozenset
    target: str
    by: frozenset
    clears: frozenset = field(default_factory=frozenset)


def _move(sources, target, *by, clears=()):
    return Move(frozenset(sources), target, frozenset(by), frozenset(clears))


APPLICANT = (Role.HOLDER, Role.GUARDIAN)

CARD_MOVES = {
    CardAction.ISSUE: _move((), CardStatus.SEALED, Role.WORKER),
    CardAction.ACTIVATE: _move({CardStatus.SEALED}, CardStatus.ACTIVE, *APPLICANT),
    CardAction.REPORT_LOSS: _move({CardStatus.ACTIVE}, CardStatus.SUSPENDED, *APPLICANT),
    CardAction.LIFT: _move(
        {CardStatus.SUSPENDED}, CardStatus.ACTIVE, *APPLICANT, clears={"suspended_until"}
    ),
    CardAction.EXPIRE: _move(
        {CardStatus.SUSPENDED}, CardStatus.ACTIVE, Role.WORKER, clears={"suspended_until"}
    ),
    CardAction.CONFIRM_LOSS: _move(
        {CardStatus.ACTIVE, CardStatus.SUSPENDED},
        CardStatus.LOST,
        Role.REVIEWER,
        clears={"suspended_until"},
    ),
    CardAction.WITHDRAW_LOSS: _move({CardStatus.LOST}, CardStatus.ACTIVE, Role.REVIEWER),
    CardAction.RETIRE: _move(
        {CardStatus.SEALED, CardStatus.ACTIVE, CardStatus.SUSPENDED, CardStatus.LOST},
        CardStatus.RETIRED,
        Role.WORKER,
        Role.REVIEWER,
        clears={"suspended_until"},
    ),
}

REQUEST_MOVES = {
    RequestAction.SAVE: _move((), RequestStatus.DRAFT, *APPLICANT),
    RequestAction.SUBMIT: _move({RequestStatus.DRAFT}, RequestStatus.SUBMITTED, *APPLICANT),
    RequestAction.WITHDRAW: _move({RequestStatus.SUBMITTED}, RequestStatus.WITHDRAWN, *APPLICANT),
    RequestAction.LAPSE: _move({RequestStatus.SUBMITTED}, RequestStatus.LAPSED, Role.WORKER),
    RequestAction.PAY: _move({RequestStatus.SUBMITTED}, RequestStatus.PAID, Role.GATEWAY),
    RequestAction.WAIVE: _move({RequestStatus.SUBMITTED}, RequestStatus.PAID, *APPLICANT),
    RequestAction.ACCEPT: _move({RequestStatus.PAID}, RequestStatus.ACCEPTED, Role.WORKER),
    RequestAction.REQUEST_AMENDMENT: _move(
        {RequestStatus.ACCEPTED}, RequestStatus.NEEDS_AMENDMENT, Role.REVIEWER
    ),
    RequestAction.AMEND: _move({RequestStatus.NEEDS_AMENDMENT}, RequestStatus.ACCEPTED, *APPLICANT),
    RequestAction.APPROVE: _move({RequestStatus.ACCEPTED}, RequestStatus.APPROVED, Role.REVIEWER),
    RequestAction.RECALL: _move({RequestStatus.APPROVED}, RequestStatus.ACCEPTED, Role.REVIEWER),
    RequestAction.REJECT: _move(
        {RequestStatus.ACCEPTED, RequestStatus.NEEDS_AMENDMENT},
        RequestStatus.REJECTED,
        Role.REVIEWER,
    ),
    RequestAction.FAIL: _move({RequestStatus.APPROVED}, RequestStatus.ACCEPTED, Role.WORKER),
    RequestAction.PRODUCE: _move({RequestStatus.APPROVED}, RequestStatus.PRODUCED, Role.WORKER),
    RequestAction.DISPATCH: _move({RequestStatus.PRODUCED}, RequestStatus.DISPATCHED, Role.WORKER),
    RequestAction.COLLECT: _move(
        {RequestStatus.DISPATCHED}, RequestStatus.COLLECTED, *APPLICANT, Role.WORKER
    ),
}

MOVES: dict[type, dict] = {Card: CARD_MOVES, CardRequest: REQUEST_MOVES}
ACTIONS: dict[type, type] = {Card: CardAction, CardRequest: RequestAction}


class NotAllowed(Refused):
    """The table has no such move from the row's status, or not for this role."""


class Overtaken(NotAllowed):
    """Somebody else moved the row between our reading and our writing; `event` is theirs."""

    def __init__(self, message, *, event):
        super().__init__(message, code="overtaken")
        self.event = event


def is_allowed(row, action, *, role, at):
    """Whether the table allows `action` on `row` for `role` at the moment `at`; for templates."""
    rule = MOVES[type(row)][action]
    return role in rule.by and row.status_at(at) in rule.sources


@transaction.atomic
def begin(row, action, *, by, role, at, channel, reason="", due_at=None):
    """Save the new `row` in the status that `action` brings into being, with its event.

    Raises `NotAllowed` when `role` may not begin it; IntegrityError when a constraint of the
    database (one card in hand, one request in flight) forbids the row.
    """
    rule = MOVES[type(row)][action]
    if rule.sources:
        raise ValueError(f"{action} does not begin a row")
    _check_role(row, action, role)
    row.status = rule.target
    row.status_since = at
    row.save(force_insert=True)
    return _record(
        row, action, "", by=by, role=role, at=at, channel=channel, reason=reason, due_at=due_at
    )


@transaction.atomic
def move(row, action, *, by, role, at, channel, due_at=None, reason="", **changes):
    """Apply `action` to `row` (a Card or a CardRequest) and write its event, both or neither.

    The row is taken by compare-and-swap on the status it was read with, so of two contestants one
    wins, on every database. `by` is the user, or None for the worker and the gateway; `due_at` is
    the moment the move was due when that differs from `at`, the moment it is done; `changes` are
    further columns written in the same statement. The row in memory is brought up to date.

    Raises `NotAllowed` when the table forbids the move, `Overtaken` when somebody else was first.
    """
    rule = MOVES[type(row)][action]
    _check_role(row, action, role)
    _write_down_expiry(row, action, at=at, channel=channel)
    if row.status not in rule.sources:
        raise NotAllowed(_wrong_status(row, action), code="wrong_status")
    old = row.status
    values = dict.fromkeys(rule.clears) | changes | {"status": rule.target, "status_since": at}
    if not type(row).objects.filter(pk=row.pk, status=old).update(**values):
        row.refresh_from_db()
        raise _overtaken(row)
    for name, value in values.items():
        setattr(row, name, value)
    return _record(
        row, action, old, by=by, role=role, at=at, channel=channel, reason=reason, due_at=due_at
    )


def foreseen(row, action, *, by, role, at, channel, reason=""):
    """What `move` would make of `row`: (a copy in the new status, its event), neither one saved.

    For showing beforehand what people will read. Raises `NotAllowed` as `move`.
    """
    rule = MOVES[type(row)][action]
    _check_role(row, action, role)
    if row.status_at(at) not in rule.sources:
        raise NotAllowed(_wrong_status(row, action), code="wrong_status")
    moved = copy.copy(row)
    moved.status, moved.status_since = rule.target, at
    event = _event(
        moved,
        action,
        row.status,
        by=by,
        role=role,
        at=at,
        channel=channel,
        reason=reason,
        due_at=None,
    )
    event.request = None if isinstance(row, Card) else moved
    return moved, event


def _write_down_expiry(row, action, *, at, channel):
    """A suspension that has ended IS over: record its expiry before any other move builds on it."""
    if (
        isinstance(row, Card)
        and action != CardAction.EXPIRE
        and row.status == CardStatus.SUSPENDED
        and row.status_at(at) == CardStatus.ACTIVE
    ):
        move(
            row,
            CardAction.EXPIRE,
            by=None,
            role=Role.WORKER,
            at=at,
            channel=channel,
            due_at=row.suspended_until,
        )


def _check_role(row, action, role):
    if role not in MOVES[type(row)][action].by:
        allowed = "、".join(r.label for r in Role if r in MOVES[type(row)][action].by)
        raise NotAllowed(
            f"「{ACTIONS[type(row)](action).label}」只能由{allowed}办理。", code="wrong_role"
        )


def _wrong_status(row, action):
    what = "这张社保卡" if isinstance(row, Card) else "这件申请"
    return (
        f"{what}现在是「{row.get_status_display()}」，"
        f"不能办理「{ACTIONS[type(row)](action).label}」。请刷新页面，查看最新状态。"
    )


def _overtaken(row):
    event = row.events.order_by("-pk").first()
    what = "这张社保卡" if isinstance(row, Card) else "这件申请"
    return Overtaken(
        f"{what}刚刚已被办理，现在是「{row.get_status_display()}」。请刷新页面后再看。", event=event
    )


def _record(row, action, old, **facts):
    event = _event(row, action, old, **facts)
    event.save(force_insert=True)
    return event


def _event(row, action, old, *, by, role, at, channel, reason, due_at):
    is_card = isinstance(row, Card)
    return CardEvent(
        holder_id=row.holder_id,
        card_id=row.pk if is_card else row.card_id,
        request_id=None if is_card else row.pk,
        subject=CardEvent.Subject.CARD if is_card else CardEvent.Subject.REQUEST,
        action=action,
        from_status=old,
        to_status=row.status,
        due_at=due_at,
        at=at,
        by=by,
        role=role,
        channel=channel,
        reason=reason,
    )
