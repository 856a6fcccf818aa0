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
        if path.stat().st_size > settings.PICTURE_MAX_BYTES:
            raise UnusablePhoto(
                f"照片文件超过 {rule_text('PICTURE_MAX_BYTES')}。请缩小后再放入文件夹。",
                code="size",
            )
        with Image.open(path, formats=["JPEG", "PNG"]) as picture:
            if picture.width * picture.height > settings.PICTURE_MAX_PIXELS:
                raise UnusablePhoto(
                    f"照片超过 {rule_text('PICTURE_MAX_PIXELS')}。请缩小后再放入文件夹。",
                    code="pixels",
                )
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except FileNotFoundError:
        raise UnusablePhoto("照片文件夹里没有这个文件。请核对文件名。", code="missing") from None
    except (OSError, SyntaxError, ValueError, UnidentifiedImageError):
        raise UnusablePhoto("照片打不开，应为完好的 JPEG 或 PNG 图片。", code="damaged") from None
    upright.thumbnail((_LONGEST_EDGE, _LONGEST_EDGE))
    output = io.BytesIO()
    upright.save(output, "JPEG", quality=_QUALITY)
    return output.getvalue()
