"""Why a move is not made, in words for people."""

from apps.common.refusals import Refused


class NotAllowed(Refused):
    """The table has no such move from the row's status (then it names the `row`), or not for this
    role.
    """


class Overtaken(NotAllowed):
    """Somebody else moved the row between our reading and our writing."""

    def __init__(self, message, *, row):
        super().__init__(message, code="overtaken", row=row)
