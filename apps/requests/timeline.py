"""The timeline of a request: what happened, and what comes next and by when.

Everything is computed from the events and the table of moves when it is needed; nothing is stored.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from apps.cards.enums import (
    REQUEST_ENDED_WITHOUT_CARD,
    CardStatus,
    RequestAction,
    RequestStatus,
    Stage,
)
from apps.common.moments import day_of
from apps.common.templatetags.formats import moment
from apps.common.working_days import add_working_days
from apps.requests.promises import STAGE_OF_STATUS, due_date, promised


class NodeState(StrEnum):
    DONE = "done"
    CURRENT = "current"
    WARN = "warn"
    FUTURE = "future"

    @property
    def tone(self):
        """The class of its line on the page."""
        return _TONES[self]

    @property
    def is_current(self):
        return self is NodeState.CURRENT


_TONES = {
    NodeState.DONE: "",
    NodeState.CURRENT: "c",
    NodeState.WARN: "w",
    NodeState.FUTURE: "f",
}


@dataclass(frozen=True)
class Node:
    """One line of the timeline; a future node has no `at`, but an expected day where known.

    The page adds a `link` (label, address) to more details, and the `tracking` number.
    """

    action: RequestAction
    state: NodeState
    at: datetime | None = None
    note: str = ""
    expected_date: date | None = None
    link: tuple[str, str] | None = None
    tracking: str = ""

    @property
    def label(self):
        return self.action.label


# Status → the nodes that are still ahead if nothing goes wrong, in order.
_WAY = (
    RequestAction.SUBMIT,
    RequestAction.PAY,
    RequestAction.ACCEPT,
    RequestAction.PRODUCE,
    RequestAction.DISPATCH,
    RequestAction.COLLECT,
)
_AHEAD = {
    RequestStatus.DRAFT: _WAY,
    RequestStatus.SUBMITTED: _WAY[1:],
    RequestStatus.PAID: _WAY[2:],
    RequestStatus.ACCEPTED: _WAY[3:],
    RequestStatus.NEEDS_AMENDMENT: (RequestAction.AMEND, *_WAY[3:]),
    RequestStatus.APPROVED: _WAY[3:],
    RequestStatus.PRODUCED: _WAY[4:],
    RequestStatus.DISPATCHED: _WAY[5:],
}
_UNSEEN = (
    RequestAction.SAVE,
    RequestAction.TAKE_OVER,
    RequestAction.APPROVE,
    RequestAction.RECALL,
)
# Events without a node of their own: what the node before them says about them.
_NOTED = {
    RequestAction.APPROVE: "审核通过",
    RequestAction.RECALL: "审核通过已撤回，重新审核",
}
_WARNINGS = (
    RequestAction.REQUEST_AMENDMENT,
    RequestAction.REOPEN,
    RequestAction.REJECT,
    RequestAction.LAPSE,
    RequestAction.FAIL,
)

# The steps on top of the page, and how many of them are done in each status.
STEPS = ("提交资料", "邮寄支付", "制卡进度", "启用")


def steps_done(card_request):
    """How many of the four `STEPS` are finished; the next one is the current step.

    None for a request that ended without a card.
    """
    if card_request.status in REQUEST_ENDED_WITHOUT_CARD:
        return None
    if card_request.status == RequestStatus.DRAFT:
        return 0
    if card_request.status == RequestStatus.SUBMITTED:
        return 1
    if card_request.status == RequestStatus.COLLECTED:
        return (
            4
            if card_request.card is not None and card_request.card.status != CardStatus.SEALED
            else 3
        )
    return 2


def nodes(card_request, events, *, at, times=None):
    """The timeline of `card_request` at the moment `at`; `events` are its own, oldest first.

    `times` is stage → `StageTime` (`promises.stage_times`); without it the promises count.
    """
    past: list[Node] = []
    for event in events:
        action = RequestAction(event.action)
        if action in _UNSEEN:
            if action in _NOTED and past:
                past[-1] = _with_note(past[-1], _note(event))
            continue
        state = NodeState.WARN if action in _WARNINGS else NodeState.DONE
        past.append(Node(action, state, at=event.at, note=event.reason))
    if past and not card_request.is_final and past[-1].state == NodeState.DONE:
        past[-1] = replace(past[-1], state=NodeState.CURRENT)
    expected = expected_dates(card_request, at=at, times=times)
    ahead = [
        Node(action, NodeState.FUTURE, expected_date=expected.get(action))
        for action in _AHEAD.get(RequestStatus(card_request.status), ())
    ]
    return past + ahead


def _note(event):
    what = _NOTED[RequestAction(event.action)]
    return f"{what}（{moment(event.at)}）"


def _with_note(node, note):
    return replace(node, note=note)


# Status → the stages that lead to the next visible node.
_STAGES_TO = {
    RequestAction.PRODUCE: (Stage.REVIEW, Stage.PRODUCE),
    RequestAction.DISPATCH: (Stage.DISPATCH,),
    RequestAction.COLLECT: (Stage.DELIVER,),
}


def expected_dates(card_request, *, at, times=None):
    """The day on which each future node is expected. It is never in the past.

    The usual time of each stage is counted where it was measured, else the promised time. Once the
    stage under way is overdue, its node has no expected day.
    `times` is stage → `StageTime` (`promises.stage_times`); without it the promises count.
    """
    stage_now = STAGE_OF_STATUS.get(RequestStatus(card_request.status))
    if stage_now is None:
        return {}
    times = times or promised(card_request.rule)
    ahead = list(Stage)[list(Stage).index(stage_now) :]
    today = day_of(at)
    since = day_of(card_request.status_since)
    is_late = today > due_date(card_request, times[stage_now])
    expected = {}
    day = since
    for action, stages in _STAGES_TO.items():
        left = [stage for stage in stages if stage in ahead]
        for stage in left:
            day = max(_expected_end(day, times[stage], today=today), today)
        if left and not (is_late and left == [stage_now]):
            expected[action] = day
    return expected


def _expected_end(since, time, *, today):
    """When a stage begun on `since` usually ends; past that day, the day when nearly all end."""
    usual = add_working_days(since, time.expected_days)
    return usual if usual >= today else add_working_days(since, time.most_days or time.limit_days)
