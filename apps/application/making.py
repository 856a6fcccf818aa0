"""What is made of a picture that was handed in: how it is kept, and the portrait in it.

Works on pictures alone, without the database, so that it may run in any process.
"""

from dataclasses import dataclass

from django.conf import settings

from apps.requests.same_picture import trace_of
from apps.verification import portrait, poses
from apps.verification.pictures import from_jpeg, open_upload, to_jpeg
from apps.verification.portrait import Crop
from apps.verification.portrait_rules import Finding
from apps.verification.refusals import PortraitRefused


class NotUsable(PortraitRefused):
    """The portrait breaks a rule. `findings` say which, in the order to show them."""

    def __init__(self, findings):
        super().__init__("这张照片还不能用，请按提示调整，或换一张照片。", code="not_usable")
        self.findings = findings


@dataclass(frozen=True)
class KeptPicture:
    """An upload as it is kept: `jpeg` are the bytes of the file, `crop` is what is proposed."""

    jpeg: bytes
    crop: Crop
    trace: str


@dataclass(frozen=True)
class MadePortrait:
    """A portrait that breaks no rule: `jpeg` are the bytes of the file."""

    jpeg: bytes
    findings: list[Finding]
    trace: str


def read(upload):
    """The `KeptPicture` of `upload` (a Django `File`). Raises `UploadRefused`."""
    jpeg, image = upright(upload)
    return KeptPicture(jpeg, portrait.propose(image), trace_of(image))


def upright(upload):
    """(the picture in `upload` as it is kept, a JPEG: upright, and the finest where it is needed,
    the image in it). Raises `UploadRefused`.
    """
    jpeg, image = _turned(open_upload(upload))
    # A smaller one has every pixel that was uploaded.
    if max(image.size) >= settings.PICTURE_LEAST_WORKING_EDGE and poses.is_far(image):
        jpeg, image = _turned(open_upload(upload, finest=True))
    return jpeg, image


def make(image, crop):
    """The `MadePortrait` of the `crop` of the kept picture `image`.

    Raises `NotUsable` with the findings, `PortraitRefused`.
    """
    findings = portrait.check(image, crop)
    if any(finding.is_ok is False for finding in findings):
        raise NotUsable(findings)
    jpeg = portrait.produce(image, crop)
    return MadePortrait(jpeg, findings, trace_of(from_jpeg(jpeg)))


def _turned(image):
    """(the JPEG that is kept of `image`, turned if its face does not stand upright, what it shows).

    The face is looked for in what is kept: the crop is proposed from the same, so once is enough.
    """
    jpeg = to_jpeg(image)
    image = from_jpeg(jpeg)
    turned = poses.upright(image)
    if turned is not image:
        jpeg = to_jpeg(turned)
        image = from_jpeg(jpeg)
    return jpeg, image
