"""The photo of a person that HR has on file: decoded, turned upright, reduced and written anew."""

import io

from django.conf import settings
from PIL import Image, ImageOps, UnidentifiedImageError

from apps.common.refusals import Refused
from apps.common.rules import rule_text

_LONGEST_EDGE = 1200
_QUALITY = 90


class UnusablePhoto(Refused):
    """The file is not a picture that can be used."""


def as_jpeg(path):
    """The picture at `path` as bytes of a JPEG without metadata. Raises `UnusablePhoto`."""
    try:
        with path.open("rb") as file:
            return from_file(file, size=path.stat().st_size)
    except FileNotFoundError:
        raise UnusablePhoto("照片文件夹里没有这个文件。请核对文件名。", code="missing") from None
    except OSError:
        raise _damaged() from None


def _damaged():
    return UnusablePhoto("照片打不开，应为完好的 JPEG 或 PNG 图片。", code="damaged")


def from_file(file, *, size):
    """The picture in the binary `file` of `size` bytes, as `as_jpeg`."""
    if size > settings.PICTURE_MAX_BYTES:
        raise UnusablePhoto(
            f"照片文件超过 {rule_text('PICTURE_MAX_BYTES')}，请缩小以后再放进来。", code="size"
        )
    # What says that it is smaller than it is, is cut off and then damaged.
    content = io.BytesIO(file.read(settings.PICTURE_MAX_BYTES))
    try:
        with Image.open(content, formats=["JPEG", "PNG"]) as picture:
            if picture.width * picture.height > settings.PICTURE_MAX_PIXELS:
                raise UnusablePhoto(
                    f"照片超过 {rule_text('PICTURE_MAX_PIXELS')}，请缩小以后再放进来。",
                    code="pixels",
                )
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (OSError, SyntaxError, ValueError, UnidentifiedImageError):
        raise _damaged() from None
    upright.thumbnail((_LONGEST_EDGE, _LONGEST_EDGE))
    output = io.BytesIO()
    upright.save(output, "JPEG", quality=_QUALITY)
    return output.getvalue()
