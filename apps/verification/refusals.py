"""Why a picture or an identity check is turned down."""

from apps.common.refusals import Refused


class UploadRefused(Refused):
    """The file can't be used as a picture; `code` says which rule of `pictures` it breaks."""


class PortraitRefused(Refused):
    """No portrait can be made from this part of the picture."""


class CheckRefused(Refused):
    """An identity check was not passed, or there is none that could be used."""
