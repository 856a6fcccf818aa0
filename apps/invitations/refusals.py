"""The refusal of an invitation, in words for people."""

from apps.common.refusals import Refused


class InvitationRefused(Refused):
    """The link is invalid, the answer is wrong, or no link can be sent now."""
