"""Refusals about rosters, in words for people."""

from apps.common.refusals import Refused


class RosterRefused(Refused):
    """The roster cannot be applied or discarded now."""


class ChoiceRefused(Refused):
    """The columns can't be matched so; `code` says why: missing, repeated or not_open."""
