"""The life of a gateway's bill of one day."""

from apps.bills.enums import BillAction, BillStatus
from apps.events.enums import Role
from apps.lifecycle.tables import Lifecycle, move

BILL = Lifecycle(
    name="bill",
    label="DailyBill (日账单)",
    noun="这份账单",
    statuses=BillStatus,
    actions=BillAction,
    moves={
        BillAction.EXPECT: move((), BillStatus.WAITING, Role.WORKER, Role.STAFF),
        # By hand also where the gateway said that there was nothing.
        BillAction.TAKE: move(
            {BillStatus.WAITING, BillStatus.EMPTY},
            BillStatus.COMPARED,
            Role.WORKER,
            Role.STAFF,
            clears={"next_try_at"},
        ),
        BillAction.FIND_EMPTY: move(
            {BillStatus.WAITING}, BillStatus.EMPTY, Role.WORKER, clears={"next_try_at"}
        ),
    },
)
