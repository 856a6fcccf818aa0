"""Why nothing is done with a roster, in words for the desk."""

from apps.common.refusals import Refused


class RosterRefused(Refused):
    """The roster cannot be applied or discarded as it stands."""
