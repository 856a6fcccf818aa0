from apps.common.refusals import Refused


class RegistrationRefused(Refused):
    """The registration cannot be made, or not be decided so."""
