"""What should be true of a card and its requests: tables and a model, written by hand.

They come from the design, and know nothing of the tables of moves in the program.
"""

from datetime import timedelta

from django.utils import timezone

# (verb, status before) → status afterwards.
REQUEST = {
    ("submit", "DRAFT"): "SUBMITTED",
    ("discard", "DRAFT"): "DISCARDED",
    ("withdraw", "SUBMITTED"): "WITHDRAWN",
    ("lapse", "SUBMITTED"): "LAPSED",
    ("pay", "SUBMITTED"): "PAID",
    ("accept", "PAID"): "ACCEPTED",
    ("ask", "ACCEPTED"): "NEEDS_AMENDMENT",
    ("amend", "NEEDS_AMENDMENT"): "ACCEPTED",
    ("approve", "ACCEPTED"): "APPROVED",
    ("reject", "ACCEPTED"): "REJECTED",
    ("reject", "NEEDS_AMENDMENT"): "REJECTED",
    ("recall", "APPROVED"): "ACCEPTED",
    ("recall", "NEEDS_AMENDMENT"): "ACCEPTED",
    ("recall", "REJECTED"): "the status before",
    ("fail", "APPROVED"): "ACCEPTED",
    ("produce", "APPROVED"): "PRODUCED",
    ("dispatch", "PRODUCED"): "DISPATCHED",
    ("collect", "DISPATCHED"): "COLLECTED",
    # A lost card is replaced: what follows is the life of another request, for another card.
    ("replace", "COLLECTED"): "DRAFT",
    ("replace", "DISCARDED"): "DRAFT",
    ("replace", "WITHDRAWN"): "DRAFT",
    ("replace", "LAPSED"): "DRAFT",
    ("replace", "REJECTED"): "DRAFT",
}
CARD = {
    ("activate", "SEALED"): "ACTIVE",
    ("report", "ACTIVE"): "SUSPENDED",
    ("lift", "SUSPENDED"): "ACTIVE",
    ("lose", "ACTIVE"): "LOST",
    ("lose", "SUSPENDED"): "LOST",
    ("find", "LOST"): "ACTIVE",
}
# Who may do what in which status, as (action, statuses, roles): H holder, G guardian, R reviewer,
# S staff, W worker, P payment gateway.
MAY_REQUEST = (
    ("DISCARD", "DRAFT", "HG"),
    ("TAKE_OVER", "DRAFT", "H"),
    ("SUBMIT", "DRAFT", "HG"),
    ("WITHDRAW", "SUBMITTED", "HG"),
    ("LAPSE", "SUBMITTED", "W"),
    ("PAY", "SUBMITTED", "P"),
    ("WAIVE", "SUBMITTED", "HG"),
    ("ACCEPT", "PAID", "W"),
    ("REQUEST_AMENDMENT", "ACCEPTED", "R"),
    ("REOPEN", "ACCEPTED", "HG"),
    ("AMEND", "NEEDS_AMENDMENT", "HG"),
    ("RESUME", "NEEDS_AMENDMENT", "HGW"),
    ("APPROVE", "ACCEPTED", "R"),
    ("RECALL", "APPROVED NEEDS_AMENDMENT REJECTED", "R"),
    ("RECALL_TO_AMENDMENT", "REJECTED", "R"),
    ("REJECT", "ACCEPTED NEEDS_AMENDMENT", "R"),
    ("FAIL", "APPROVED", "WS"),
    ("PRODUCE", "APPROVED", "W"),
    ("DISPATCH", "PRODUCED", "W"),
    ("COLLECT", "DISPATCHED", "HGWS"),
    ("TAKE_BACK", "COLLECTED", "S"),
)
MAY_CARD = (
    ("ACTIVATE", "SEALED", "HG"),
    ("REPORT_LOSS", "ACTIVE", "HG"),
    ("LIFT", "SUSPENDED", "HG"),
    ("EXPIRE", "SUSPENDED", "W"),
    ("CONFIRM_LOSS", "ACTIVE SUSPENDED", "R"),
    ("WITHDRAW_LOSS", "LOST", "R"),
    ("RETIRE", "SEALED ACTIVE SUSPENDED LOST", "WR"),
)
LETTERS = {
    "HOLDER": "H",
    "GUARDIAN": "G",
    "REVIEWER": "R",
    "STAFF": "S",
    "WORKER": "W",
    "GATEWAY": "P",
    "VISITOR": "V",
}
VERBS = sorted({verb for verb, _ in (*REQUEST, *CARD)})
# Ends of a request from which no card comes are dead ends of a walk: they are a rule of their own.
ENDS = ("discard", "withdraw", "lapse", "reject")
ENDED = ("DISCARDED", "WITHDRAWN", "LAPSED", "REJECTED")
# A replacement in one of these statuses does not keep a lost card from being found.
HOLDS_NOTHING = ("DRAFT", *ENDED)
DECISIONS = ("approve", "ask", "reject")
WINDOW = timedelta(minutes=10)
SUSPENDED_DAYS = 7
# Where a walk begins.
TO_REVIEW = ("submit", "pay", "accept")
TO_CARD = (*TO_REVIEW, "approve", "produce", "dispatch")
TO_USE = (*TO_CARD, "activate")
TO_REPLACEMENT = (*TO_USE, "lose", "replace")
BEGINNINGS = (
    (),
    ("submit",),
    TO_REVIEW,
    TO_CARD,
    TO_USE,
    (*TO_USE, "report"),
    TO_REPLACEMENT,
    (*TO_REPLACEMENT, "submit", "pay", "accept", "approve"),
)


class Model:
    """What should be true: two statuses, the end of a suspension, and the number of events."""

    def __init__(self):
        self.request, self.card, self.ends_at = "DRAFT", None, None
        self.events = 1
        self.replaces = False  # whether the request is for a card in place of a lost one
        self.decided = None  # (the status before, the moment) of a decision that is the last event

    def card_at(self, at):
        """A suspension ends by the clock, whether or not anybody has written it down."""
        has_ended = self.card == "SUSPENDED" and self.ends_at <= at
        return "ACTIVE" if has_ended else self.card

    def may(self, action, role, at):
        """Whether the role may do the action (names of enums) with the request, and the card."""
        statuses = (self.request, MAY_REQUEST), (self.card_at(at), MAY_CARD)
        return tuple(
            any(
                action == name and status in sources.split() and LETTERS[role] in roles
                for name, sources, roles in table
            )
            for status, table in statuses
        )

    def may_begin(self):
        """Whether no request is under way, so that the database takes another one."""
        return self.request in (*ENDED, "COLLECTED")

    def allows(self, verb, at):
        if (verb, self.request) in REQUEST:
            if verb == "recall":
                is_in_time = self.decided is not None and at < self.decided[1] + WINDOW
                return is_in_time and not (self.replaces and self.card_at(at) != "LOST")
            if verb == "replace" or (verb == "submit" and self.replaces):
                return self.card_at(at) == "LOST"
            return True
        if verb == "find" and self.replaces and self.request not in HOLDS_NOTHING:
            return False
        if verb == "activate" and self.request not in ("DISPATCHED", "COLLECTED"):
            return False
        return (verb, self.card_at(at)) in CARD

    def do(self, verb, at):
        if (verb, self.request) in REQUEST:
            was = self.request
            self.request = self.decided[0] if verb == "recall" else REQUEST[verb, was]
            self.decided = (was, at) if verb in DECISIONS else None
            self.events += 1
            if verb == "replace":
                self.replaces = True
            if verb == "produce":
                # Issued, and the one that it replaces is retired.
                self.events += 2 if self.replaces else 1
                self.card, self.replaces = "SEALED", False
            return
        self.write_down(at)
        if verb == "activate" and self.request == "DISPATCHED":
            self.request = "COLLECTED"
            self.events += 1
        was = self.card
        self.card = CARD[verb, was]
        # The card, and the loss that begins or ends with it. A formal loss is declared, then
        # confirmed; one that is withdrawn is a move of its own.
        self.events += 1
        if verb == "report":
            midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
            self.ends_at = midnight + timedelta(days=SUSPENDED_DAYS + 1)
        if verb == "report" or was == "SUSPENDED":
            self.events += 1
        self.events += {"lose": 2, "find": 1}.get(verb, 0)

    def write_down(self, at):
        """The end of a suspension becomes two events, before anything builds on it."""
        if self.card != self.card_at(at):
            self.card = "ACTIVE"
            self.events += 2
