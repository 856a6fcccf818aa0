from apps.common.refusals import Refused


class FormalLossRefused(Refused):
    """A formal loss cannot be declared, decided or withdrawn; `code` says why."""
