"""What was filled in for a request, what had to be amended, and how long its stages take."""

from apps.requests.models.discarded import DiscardedFile
from apps.requests.models.duration import StageDuration
from apps.requests.models.particulars import Amendment, Particulars
from apps.requests.models.picture_mark import PictureMark
from apps.requests.models.picture_trace import PictureTrace

__all__ = [
    "Amendment",
    "DiscardedFile",
    "Particulars",
    "PictureMark",
    "PictureTrace",
    "StageDuration",
]
