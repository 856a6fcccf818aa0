"""The photo of a person that HR has on file: decoded, turned upright, reduced and written anew."""

import io

from PIL import Image, ImageOps, UnidentifiedImageError

from apps.common.refusals import Refused

_MAX_BYTES = 10 * 1024 * 1024
_MAX_PIXELS = 40_000_000
_LONGEST_EDGE = 1200
_QUALITY = 90


class UnusablePhoto(Refused):
    """The file is no picture that can be kept."""


def as_jpeg(path):
    """The picture at `path` as bytes of a JPEG without metadata. Raises `UnusablePhoto`."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise UnusablePhoto("照片文件超过 10 MB。请缩小后再放入文件夹。", code="size")
        with Image.open(path, formats=["JPEG", "PNG"]) as picture:
            if picture.width * picture.height > _MAX_PIXELS:
                raise UnusablePhoto("照片超过 4000 万像素。请缩小后再放入文件夹。", code="pixels")
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except FileNotFoundError:
        raise UnusablePhoto("照片文件夹里没有这个文件。请核对文件名。", code="missing") from None
    except (OSError, SyntaxError, ValueError, UnidentifiedImageError):
        raise UnusablePhoto("照片打不开，应为完好的 JPEG 或 PNG 图片。", code="damaged") from None
    upright.thumbnail((_LONGEST_EDGE, _LONGEST_EDGE))
    output = io.BytesIO()
    upright.save(output, "JPEG", quality=_QUALITY)
    return output.getvalue()
