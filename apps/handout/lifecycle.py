"""The lives of a box, of a card in it, and of a hand-out day."""

from apps.cards.lifecycle import APPLICANT
from apps.events.enums import Role
from apps.handout.enums import (
    AT_THE_UNIT,
    BoxAction,
    BoxCardAction,
    BoxCardStatus,
    BoxStatus,
    DayAction,
    DayStatus,
)
from apps.lifecycle.tables import Clock, Lifecycle, move

BOX = Lifecycle(
    name="box",
    label="Box (卡箱)",
    noun="这个箱子",
    statuses=BoxStatus,
    actions=BoxAction,
    moves={
        BoxAction.PACK: move((), BoxStatus.ON_THE_WAY, Role.WORKER),
        BoxAction.RECEIVE: move({BoxStatus.ON_THE_WAY}, BoxStatus.OPEN, Role.STAFF),
        BoxAction.CHECK: move({BoxStatus.OPEN}, BoxStatus.CHECKED, Role.STAFF),
        # By the worker when the bureau reports one more card of a box that was counted.
        BoxAction.REOPEN: move({BoxStatus.CHECKED}, BoxStatus.OPEN, Role.STAFF, Role.WORKER),
    },
)

_STAYS = ({BoxCardStatus.IN_BOX}, BoxCardStatus.IN_BOX)

BOX_CARD = Lifecycle(
    name="box_card",
    label="BoxCard (箱里的卡)",
    noun="这张卡",
    statuses=BoxCardStatus,
    actions=BoxCardAction,
    holder="holder",
    # What the unit keeps and nobody comes for, goes back to the bureau.
    clocks=(Clock(frozenset({BoxCardStatus.IN_BOX}), "kept_until", BoxCardAction.END_KEEPING),),
    moves={
        BoxCardAction.EXPECT: move((), BoxCardStatus.EXPECTED, Role.WORKER),
        BoxCardAction.FIND_EXTRA: move((), BoxCardStatus.SURPLUS, Role.STAFF),
        BoxCardAction.COUNT: move(
            {BoxCardStatus.EXPECTED, BoxCardStatus.MISSING}, BoxCardStatus.IN_BOX, Role.STAFF
        ),
        # The number was mistyped, or another card lies there: it was not in the box.
        BoxCardAction.UNCOUNT: move(
            {BoxCardStatus.IN_BOX},
            BoxCardStatus.EXPECTED,
            Role.STAFF,
            clears={"kept_until", "next_reminder_at"},
        ),
        BoxCardAction.DROP_EXTRA: move({BoxCardStatus.SURPLUS}, BoxCardStatus.MISTYPED, Role.STAFF),
        # The bureau reported it only after it was found.
        BoxCardAction.ADOPT: move({BoxCardStatus.SURPLUS}, BoxCardStatus.IN_BOX, Role.WORKER),
        BoxCardAction.MISS: move({BoxCardStatus.EXPECTED}, BoxCardStatus.MISSING, Role.STAFF),
        BoxCardAction.INVITE: move(*_STAYS, Role.WORKER),
        BoxCardAction.CALL_OFF: move(*_STAYS, Role.STAFF, clears={"day", "invited_at"}),
        BoxCardAction.REMIND: move(*_STAYS, Role.WORKER, Role.STAFF),
        BoxCardAction.AUTHORISE: move(*_STAYS, *APPLICANT),
        BoxCardAction.WITHDRAW: move(*_STAYS, *APPLICANT, clears={"proxy", "proxy_until"}),
        BoxCardAction.HAND_OUT: move(set(AT_THE_UNIT), BoxCardStatus.HANDED_OUT, Role.STAFF),
        BoxCardAction.TAKE_BACK: move({BoxCardStatus.HANDED_OUT}, BoxCardStatus.IN_BOX, Role.STAFF),
        BoxCardAction.END_KEEPING: move(
            {BoxCardStatus.IN_BOX}, BoxCardStatus.TO_RETURN, Role.WORKER
        ),
        BoxCardAction.GIVE_BACK: move(
            {BoxCardStatus.TO_RETURN, BoxCardStatus.SURPLUS}, BoxCardStatus.RETURNED, Role.STAFF
        ),
    },
)

DAY = Lifecycle(
    name="hand_out_day",
    label="HandOutDay (领卡时间)",
    noun="这次领卡",
    statuses=DayStatus,
    actions=DayAction,
    clocks=(Clock(frozenset({DayStatus.PLANNED}), "ends_at", DayAction.END),),
    moves={
        DayAction.ARRANGE: move((), DayStatus.PLANNED, Role.STAFF),
        DayAction.CHANGE: move({DayStatus.PLANNED}, DayStatus.PLANNED, Role.STAFF),
        DayAction.CALL_OFF: move({DayStatus.PLANNED}, DayStatus.CALLED_OFF, Role.STAFF),
        DayAction.END: move({DayStatus.PLANNED}, DayStatus.OVER, Role.WORKER),
    },
)
