from apps.common.refusals import Refused


class FormalLossRefused(Refused):
    """A formal loss cannot be declared, decided or withdrawn; `code` says why."""


class NotReplaceable(Refused):
    """A card cannot be replaced, or not on these terms; `code` says why.

    Without a `next_step` the page links to the help desk.
    """
