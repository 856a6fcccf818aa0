"""Refusals of claims and decisions, in words for reviewers; one for applicants."""

from apps.common.refusals import Refused
from apps.common.templatetags.formats import time_of_day
from apps.desk.colleagues import named


class NotClaimed(Refused):
    """The decision needs a claim first."""


class HeldByOther(Refused):
    """A colleague holds the case; `claim` is theirs."""

    def __init__(self, claim):
        super().__init__(
            f"{named(claim.by)}已于 {time_of_day(claim.claimed_at)} "
            "领办了这件，正在办理。请先与对方商量，需要时点「接手」。",
            code="held_by_other",
        )
        self.claim = claim


class BeingRead(Refused):
    """A reviewer reads the request, so its applicant cannot take it back now."""

    def __init__(self, claim):
        super().__init__(
            f"审核老师从 {time_of_day(claim.claimed_at)} 起正在审核这件申请，现在不能取回修改。",
            code="being_read",
        )
