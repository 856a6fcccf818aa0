from apps.common.refusals import Refused


class RosterConflict(Refused):
    """An entry contradicts another one; `column` is the heading of the column to look at."""

    def __init__(self, message, *, column, code):
        super().__init__(message, code=code)
        self.column = column


class ConsentRefused(Refused):
    """There is no consent to withdraw, or a consent that is needed was withdrawn."""


class WeakPassword(Refused):
    """The password breaks a rule of settings.AUTH_PASSWORD_VALIDATORS."""
