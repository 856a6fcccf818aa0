from apps.common.refusals import Refused


class LossReportRefused(Refused):
    """A temporary loss cannot be reported or lifted; `code` says why."""


class EndChanged(LossReportRefused):
    """The end that was agreed to is no longer the one that a report would have."""
