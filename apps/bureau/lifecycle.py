"""The lives of a batch, of an order for one card, and of a line of the bureau's report."""

from apps.bureau.enums import (
    BatchAction,
    BatchStatus,
    LineAction,
    LineStatus,
    OrderAction,
    OrderStatus,
    ReportAction,
    ReportStatus,
)
from apps.cards.enums import RequestAction
from apps.cards.lifecycle import REQUEST
from apps.events.enums import Role
from apps.lifecycle.tables import Follows, Lifecycle, move

OPEN_REPORT = frozenset({ReportStatus.NEW, ReportStatus.WAITING, ReportStatus.REFUSED})

BATCH = Lifecycle(
    name="batch",
    label="ProductionBatch (制卡批次)",
    noun="这个制卡批次",
    statuses=BatchStatus,
    actions=BatchAction,
    moves={
        BatchAction.ASSEMBLE: move((), BatchStatus.WAITING, Role.WORKER),
        # Makes the batch due now. Its status changes only once the worker has sent it.
        BatchAction.RETRY: move({BatchStatus.WAITING}, BatchStatus.WAITING, Role.STAFF),
        BatchAction.SUBMIT: move({BatchStatus.WAITING}, BatchStatus.SUBMITTED, Role.WORKER),
        # Each of its orders was put on hold.
        BatchAction.CLOSE: move({BatchStatus.WAITING}, BatchStatus.EMPTY, Role.WORKER),
    },
)

ORDER = Lifecycle(
    name="order",
    label="ProductionOrder (制卡单)",
    noun="这张制卡单",
    statuses=OrderStatus,
    actions=OrderAction,
    holder="card_request__holder",
    follows=Follows(
        REQUEST,
        path="card_request",
        moves={
            RequestAction.PRODUCE: OrderAction.MAKE,
            RequestAction.DISPATCH: OrderAction.SEND,
            RequestAction.FAIL: OrderAction.FAIL,
        },
    ),
    moves={
        OrderAction.PLACE: move((), OrderStatus.OPEN, Role.WORKER),
        OrderAction.MAKE: move({OrderStatus.OPEN}, OrderStatus.MADE, Role.WORKER),
        OrderAction.SEND: move({OrderStatus.MADE}, OrderStatus.SENT, Role.WORKER),
        OrderAction.FAIL: move(
            {OrderStatus.OPEN, OrderStatus.HELD}, OrderStatus.FAILED, Role.WORKER, Role.STAFF
        ),
        # It can't be sent as it is. The others of its batch leave.
        OrderAction.HOLD: move({OrderStatus.OPEN}, OrderStatus.HELD, Role.WORKER),
        # Mended: the request gets a new order in the next batch.
        OrderAction.RELEASE: move({OrderStatus.HELD}, OrderStatus.RELEASED, Role.STAFF),
    },
)

REPORT = Lifecycle(
    name="report",
    label="BureauReport (制卡回盘)",
    noun="这条制卡回盘",
    statuses=ReportStatus,
    actions=ReportAction,
    moves={
        ReportAction.RECEIVE: move((), ReportStatus.NEW, Role.WORKER, Role.STAFF),
        ReportAction.RETRY: move(OPEN_REPORT, ReportStatus.NEW, Role.STAFF),
        ReportAction.DEFER: move(
            OPEN_REPORT - {ReportStatus.WAITING}, ReportStatus.WAITING, Role.WORKER
        ),
        ReportAction.REFUSE: move(
            OPEN_REPORT - {ReportStatus.REFUSED}, ReportStatus.REFUSED, Role.WORKER
        ),
        # It contradicts what is known, and somebody has decided that it doesn't count.
        ReportAction.DISMISS: move(
            {ReportStatus.WAITING, ReportStatus.REFUSED}, ReportStatus.DISMISSED, Role.STAFF
        ),
        ReportAction.APPLY: move(OPEN_REPORT, ReportStatus.APPLIED, Role.WORKER),
    },
)

LINE = Lifecycle(
    name="line",
    label="QuarantinedLine (隔离行)",
    noun="这一行",
    statuses=LineStatus,
    actions=LineAction,
    moves={
        LineAction.SET_ASIDE: move((), LineStatus.OPEN, Role.WORKER, Role.STAFF),
        LineAction.CORRECT: move({LineStatus.OPEN}, LineStatus.CORRECTED, Role.STAFF),
        LineAction.DISMISS: move({LineStatus.OPEN}, LineStatus.DISMISSED, Role.STAFF),
    },
)
