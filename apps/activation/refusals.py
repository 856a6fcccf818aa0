from apps.common.refusals import Refused


class ActivationRefused(Refused):
    """A card cannot be activated; `code` says why."""
