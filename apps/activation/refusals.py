from apps.common.refusals import Refused


class ActivationRefused(Refused):
    """A card cannot be activated; `code` says why."""

    tone = ""  # of the note that says so


class AlreadyActive(ActivationRefused):
    """The card is active already."""

    tone = "ok"


class NotOpenHere(ActivationRefused):
    """The card is ready to be activated, but its city does not do it online."""
