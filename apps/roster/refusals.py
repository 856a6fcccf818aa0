"""Why nothing is done with a roster, in words for the desk."""

from apps.common.refusals import Refused


class RosterRefused(Refused):
    """The roster cannot be applied or discarded as it stands."""


class ChoiceRefused(Refused):
    """The columns can't be matched so; `code` says why: missing, repeated or not_open."""


class InvitationRefused(Refused):
    """The link is not good, the answer is wrong, or it cannot be sent now."""
