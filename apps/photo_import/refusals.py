from apps.common.refusals import Refused


class UnreadableArchive(Refused):
    """The file is no archive of pictures that can be taken."""


class ArchiveRefused(Refused):
    """The archive cannot be confirmed or discarded now."""
