from apps.common.refusals import Refused


class LossReportRefused(Refused):
    """A temporary loss cannot be reported or lifted; `code` says why."""


class EndChanged(LossReportRefused):
    """The end that the person confirmed is no longer the end that a report would have."""
