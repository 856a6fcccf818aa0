"""The timeline of a request: what happened, and what comes next and by when.

Everything is computed from the events and the table of moves when it is needed; nothing is stored.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from django.db.models import TextChoices

from apps.cards.enums import (
    REQUEST_ENDED_WITHOUT_CARD,
    CardStatus,
    RequestAction,
    RequestStatus,
    Stage,
)
from apps.common.moments import day_of
from apps.common.working_days import add_working_days
from apps.events.enums import Role
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

    `who` acts there. The node under way is the next one, in the words of what goes on. The page
    adds a `link` (label, address) to more details, and the `tracking` number. `words` say what
    the label of the action leaves open.
    """

    action: TextChoices
    state: NodeState
    who: str = ""
    at: datetime | None = None
    note: str = ""
    expected_date: date | None = None
    link: tuple[str, str] | None = None
    tracking: str = ""
    words: str = ""

    @property
    def label(self):
        return self.words or (_GOING_ON[self.action] if self.is_under_way else self.action.label)

    @property
    def is_under_way(self):
        """Whether it is the next node, on which somebody is at work."""
        return self.state.is_current and self.action in _GOING_ON

    @property
    def goal(self):
        """What is expected for the `expected_date`, where the label says something else."""
        return self.action.label if self.is_under_way else ""


# Status → the nodes that are still ahead if nothing goes wrong, in order.
_WAY = (
    RequestAction.SUBMIT,
    RequestAction.PAY,
    RequestAction.ACCEPT,
    RequestAction.APPROVE,
    RequestAction.PRODUCE,
    RequestAction.DISPATCH,
    RequestAction.COLLECT,
)
# The next node, as long as somebody is at work on it.
_GOING_ON: dict[TextChoices, str] = {
    RequestAction.SUBMIT: "填写中",
    RequestAction.PAY: "待缴费",
    RequestAction.ACCEPT: "受理中",
    RequestAction.APPROVE: "审核中",
    RequestAction.PRODUCE: "制作中",
    RequestAction.DISPATCH: "待发出",
    RequestAction.COLLECT: "待领取",
}
# Which decision was taken back, by the status that it had led to.
_RECALLED: dict[str, str] = {
    RequestStatus.APPROVED: "撤回审核通过，重新审核",
    RequestStatus.NEEDS_AMENDMENT: "撤回退回修改，重新审核",
    RequestStatus.REJECTED: "撤回审核不通过，重新审核",
}
_APPLICANT = "您"
_REVIEWER = "人事处"
_SYSTEM = "系统"
_BUREAU = "制卡中心"
# Who acts on a node that is ahead. A past one says it by the role in which it happened, and what
# workers write down for others by these words.
_ACTS = {
    RequestAction.SUBMIT: _APPLICANT,
    RequestAction.PAY: _APPLICANT,
    RequestAction.ACCEPT: _SYSTEM,
    RequestAction.AMEND: _APPLICANT,
    RequestAction.APPROVE: _REVIEWER,
    RequestAction.PRODUCE: _BUREAU,
    RequestAction.DISPATCH: _BUREAU,
    RequestAction.COLLECT: _APPLICANT,
}
_REPORTED = {
    RequestAction.PRODUCE: _BUREAU,
    RequestAction.DISPATCH: _BUREAU,
    RequestAction.FAIL: _BUREAU,
}
_BY_ROLE = {
    Role.HOLDER: "本人",
    Role.GUARDIAN: "监护人",
    Role.REVIEWER: _REVIEWER,
    Role.STAFF: _REVIEWER,
    Role.WORKER: _SYSTEM,
    Role.GATEWAY: "支付平台",
}
_AHEAD = {
    RequestStatus.DRAFT: _WAY,
    RequestStatus.SUBMITTED: _WAY[1:],
    RequestStatus.PAID: _WAY[2:],
    RequestStatus.ACCEPTED: _WAY[3:],
    RequestStatus.NEEDS_AMENDMENT: (RequestAction.AMEND, *_WAY[3:]),
    RequestStatus.APPROVED: _WAY[4:],
    RequestStatus.PRODUCED: _WAY[5:],
    RequestStatus.DISPATCHED: _WAY[6:],
}
_UNSEEN = (RequestAction.SAVE, RequestAction.TAKE_OVER)
_WARNINGS = (
    RequestAction.TAKE_BACK,
    RequestAction.RECALL,
    RequestAction.RECALL_TO_AMENDMENT,
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
    past = [
        Node(
            action,
            _past_state(action),
            _who_acted(action, event),
            at=event.at,
            note=event.reason,
            words=_RECALLED.get(event.from_status, "") if action == RequestAction.RECALL else "",
        )
        for event in events
        if (action := RequestAction(event.action)) not in _UNSEEN
    ]
    expected = expected_dates(card_request, at=at, times=times)
    ahead = [
        Node(action, NodeState.FUTURE, _ACTS[action], expected_date=expected.get(action))
        for action in _AHEAD.get(RequestStatus(card_request.status), ())
    ]
    if ahead and ahead[0].action in _GOING_ON:
        ahead[0] = replace(ahead[0], state=NodeState.CURRENT)
    return past + ahead


def _past_state(action):
    return NodeState.WARN if action in _WARNINGS else NodeState.DONE


def _who_acted(action, event):
    return _REPORTED.get(action) or _BY_ROLE.get(Role(event.role), "")


# Node → the stage that leads to it.
_STAGE_TO = {
    RequestAction.APPROVE: Stage.REVIEW,
    RequestAction.PRODUCE: Stage.PRODUCE,
    RequestAction.DISPATCH: Stage.DISPATCH,
    RequestAction.COLLECT: Stage.DELIVER,
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
    since = day_of(card_request.promised_from)
    is_late = today > due_date(card_request, times[stage_now])
    expected = {}
    day = since
    for action, stage in _STAGE_TO.items():
        if stage not in ahead:
            continue
        day = max(_expected_end(day, times[stage], today=today), today)
        if not (is_late and stage == stage_now):
            expected[action] = day
    return expected


def latest_date(card_request, times, *, day):
    """The last day on which the card arrives in time, counted from the stage under way.

    `day` is the present one. None unless a stage is under way; never in the past.
    """
    stage_now = STAGE_OF_STATUS.get(RequestStatus(card_request.status))
    if stage_now is None:
        return None
    last = day_of(card_request.promised_from)
    for stage in list(Stage)[list(Stage).index(stage_now) :]:
        last = max(add_working_days(last, times[stage].limit_days), day)
    return last


def _expected_end(since, time, *, today):
    """When a stage begun on `since` usually ends; past that day, the day when nearly all end."""
    usual = add_working_days(since, time.expected_days)
    return usual if usual >= today else add_working_days(since, time.most_days or time.limit_days)
