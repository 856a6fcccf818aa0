"""The lives of a card and of a request: the two tables from which everything else is read."""

from apps.cards.enums import CardAction, CardStatus, RequestAction, RequestStatus
from apps.events.enums import Role
from apps.lifecycle.tables import Clock, Lifecycle, move

APPLICANT = (Role.HOLDER, Role.GUARDIAN)

# What a recalled decision has set, and has no meaning once the review is over.
REVIEW = {"review_since"}

CARD = Lifecycle(
    name="card",
    label="Card (社保卡)",
    noun="这张社保卡",
    statuses=CardStatus,
    actions=CardAction,
    holder="holder",
    clocks=(Clock(frozenset({CardStatus.SUSPENDED}), "suspended_until", CardAction.EXPIRE),),
    moves={
        CardAction.ISSUE: move((), CardStatus.SEALED, Role.WORKER),
        CardAction.ACTIVATE: move({CardStatus.SEALED}, CardStatus.ACTIVE, *APPLICANT),
        CardAction.REPORT_LOSS: move({CardStatus.ACTIVE}, CardStatus.SUSPENDED, *APPLICANT),
        CardAction.LIFT: move(
            {CardStatus.SUSPENDED}, CardStatus.ACTIVE, *APPLICANT, clears={"suspended_until"}
        ),
        CardAction.EXPIRE: move(
            {CardStatus.SUSPENDED}, CardStatus.ACTIVE, Role.WORKER, clears={"suspended_until"}
        ),
        CardAction.CONFIRM_LOSS: move(
            {CardStatus.ACTIVE, CardStatus.SUSPENDED},
            CardStatus.LOST,
            Role.REVIEWER,
            clears={"suspended_until"},
        ),
        CardAction.WITHDRAW_LOSS: move({CardStatus.LOST}, CardStatus.ACTIVE, Role.REVIEWER),
        CardAction.RETIRE: move(
            {CardStatus.SEALED, CardStatus.ACTIVE, CardStatus.SUSPENDED, CardStatus.LOST},
            CardStatus.RETIRED,
            Role.WORKER,
            Role.REVIEWER,
            clears={"suspended_until"},
        ),
    },
)

REQUEST = Lifecycle(
    name="request",
    label="CardRequest (申领、补换)",
    noun="这件申请",
    statuses=RequestStatus,
    actions=RequestAction,
    holder="holder",
    filled_in_by="applicant",
    moves={
        RequestAction.SAVE: move((), RequestStatus.DRAFT, *APPLICANT),
        RequestAction.DISCARD: move({RequestStatus.DRAFT}, RequestStatus.DISCARDED, *APPLICANT),
        RequestAction.TAKE_OVER: move({RequestStatus.DRAFT}, RequestStatus.DRAFT, Role.HOLDER),
        RequestAction.SUBMIT: move({RequestStatus.DRAFT}, RequestStatus.SUBMITTED, *APPLICANT),
        RequestAction.WITHDRAW: move(
            {RequestStatus.SUBMITTED}, RequestStatus.WITHDRAWN, *APPLICANT
        ),
        RequestAction.LAPSE: move({RequestStatus.SUBMITTED}, RequestStatus.LAPSED, Role.WORKER),
        RequestAction.PAY: move({RequestStatus.SUBMITTED}, RequestStatus.PAID, Role.GATEWAY),
        RequestAction.WAIVE: move({RequestStatus.SUBMITTED}, RequestStatus.PAID, *APPLICANT),
        RequestAction.ACCEPT: move({RequestStatus.PAID}, RequestStatus.ACCEPTED, Role.WORKER),
        RequestAction.REQUEST_AMENDMENT: move(
            {RequestStatus.ACCEPTED},
            RequestStatus.NEEDS_AMENDMENT,
            Role.REVIEWER,
            clears=REVIEW,
        ),
        RequestAction.REOPEN: move(
            {RequestStatus.ACCEPTED}, RequestStatus.NEEDS_AMENDMENT, *APPLICANT, clears=REVIEW
        ),
        RequestAction.AMEND: move(
            {RequestStatus.NEEDS_AMENDMENT},
            RequestStatus.ACCEPTED,
            *APPLICANT,
            sets={"came_back_by": RequestAction.AMEND},
        ),
        RequestAction.RESUME: move(
            {RequestStatus.NEEDS_AMENDMENT},
            RequestStatus.ACCEPTED,
            *APPLICANT,
            Role.WORKER,
            sets={"came_back_by": RequestAction.RESUME},
        ),
        RequestAction.APPROVE: move(
            {RequestStatus.ACCEPTED}, RequestStatus.APPROVED, Role.REVIEWER, clears=REVIEW
        ),
        # A decision is taken back for a while, as if it had never been (RECALLABLE).
        RequestAction.RECALL: move(
            {RequestStatus.APPROVED, RequestStatus.NEEDS_AMENDMENT, RequestStatus.REJECTED},
            RequestStatus.ACCEPTED,
            Role.REVIEWER,
        ),
        # The rejection of a request that waited for the applicant's amendment.
        RequestAction.RECALL_TO_AMENDMENT: move(
            {RequestStatus.REJECTED}, RequestStatus.NEEDS_AMENDMENT, Role.REVIEWER
        ),
        RequestAction.REJECT: move(
            {RequestStatus.ACCEPTED, RequestStatus.NEEDS_AMENDMENT},
            RequestStatus.REJECTED,
            Role.REVIEWER,
            clears=REVIEW,
        ),
        # By the bureau's report, or by the desk when the request can't be sent as it is.
        RequestAction.FAIL: move(
            {RequestStatus.APPROVED},
            RequestStatus.ACCEPTED,
            Role.WORKER,
            Role.STAFF,
            sets={"came_back_by": RequestAction.FAIL},
        ),
        RequestAction.PRODUCE: move({RequestStatus.APPROVED}, RequestStatus.PRODUCED, Role.WORKER),
        RequestAction.DISPATCH: move(
            {RequestStatus.PRODUCED}, RequestStatus.DISPATCHED, Role.WORKER
        ),
        RequestAction.COLLECT: move(
            {RequestStatus.DISPATCHED},
            RequestStatus.COLLECTED,
            *APPLICANT,
            Role.WORKER,
            Role.STAFF,
        ),
        # The unit had handed the card to somebody else.
        RequestAction.TAKE_BACK: move(
            {RequestStatus.COLLECTED}, RequestStatus.DISPATCHED, Role.STAFF
        ),
    },
)

# The decision that led into each status from which a reviewer can take it back.
RECALLABLE = {
    RequestStatus.APPROVED: RequestAction.APPROVE,
    RequestStatus.NEEDS_AMENDMENT: RequestAction.REQUEST_AMENDMENT,
    RequestStatus.REJECTED: RequestAction.REJECT,
}
# The actions that take a decision back. As the very next event they make it void.
RECALLS = (RequestAction.RECALL, RequestAction.RECALL_TO_AMENDMENT)

# By these a request comes to the desk: for the first time, and again.
WAYS_BACK = tuple(action for action, rule in REQUEST.moves.items() if "came_back_by" in rule.sets)
WAYS_IN = (RequestAction.ACCEPT, *WAYS_BACK)
