from apps.common.refusals import Refused


class TooManyUploads(Refused):
    """Somebody has uploaded as much as one person may within an hour."""
