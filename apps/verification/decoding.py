"""From an opened picture to the small RGB one that all further work uses, in little memory.

Pillow keeps four bytes a pixel. So a picture is made smaller while it is read (JPEG), or at once
and in strips, before anything makes a copy of it; colours are converted last.
"""

import ctypes
import io
import sys
from functools import cache
from itertools import product

from django.conf import settings
from PIL import Image, ImageCms

from apps.common.later import later

np = later("numpy")

# EXIF tag 0x0112: how the camera was held → the turn that makes the picture upright.
_ORIENTATION_TAG = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# The largest profiles in use, those of printing presses, are about 2 MB.
_LARGEST_PROFILE = 4 * 1024 * 1024
# Up to so many pixels a picture without transparency is resized as a whole, which is the best.
_WHOLE_PIXELS = 12_600_000
_STRIP_PIXELS = 1_000_000
_BYTES_PER_PIXEL = 4  # of an image of Pillow, also of one with three colours
_BYTES_OF_HEIF = 8.5  # planes of the decoder, its own RGB, and the image of Pillow
# JPEG segments: the start of a scan; those that have no length.
_START_OF_SCAN = 0xDA
_BARE = {0x01, 0xFF, *range(0xD0, 0xDA)}


def bytes_needed(image, content, *, finest=False):
    """About how much memory it takes to decode `image`, opened from the bytes `content`."""
    pixels = image.width * image.height
    if image.format in ("JPEG", "MPO"):
        scale = _scale(image, finest=finest)
        decoded = pixels / scale**2 * _BYTES_PER_PIXEL
        is_kept_whole = image.info.get("progressive") or _components_of_scan(content) < len(
            image.layer
        )
        return decoded + (_coefficients(image) if is_kept_whole else 0)
    return pixels * (_BYTES_OF_HEIF if image.format == "HEIF" else _BYTES_PER_PIXEL)


def normalised(image, *, finest=False):
    """`image`, opened and not decoded yet: upright, RGB, in sRGB, without metadata, on white.

    Its longer edge is at most settings.PICTURE_WORKING_EDGE; just that, where a picture has so many
    pixels and the `finest` is wanted.
    """
    orientation = _orientation(image)
    profile = image.info.get("icc_profile")
    if (scale := _scale(image, finest=finest)) > 1:
        # A JPEG decoder can make the picture smaller while it reads: less memory, and quicker.
        image.draft(None, (image.width // scale, image.height // scale))
    image.load()
    image = _to_srgb(_small(image), profile)
    if orientation in _TURNS:
        image = image.transpose(_TURNS[orientation])
    image.info = {}
    return image


def give_back():
    """Return freed memory to the system, where the C library can: else the process keeps it."""
    if (trim := _trim()) is not None:
        trim(0)


@cache
def _trim():
    if not sys.platform.startswith("linux"):
        return None
    return getattr(ctypes.CDLL(None), "malloc_trim", None)


def _scale(image, *, finest):
    """By how much a JPEG is made smaller while it is read: 1, 2, 4 or 8."""
    if image.format not in ("JPEG", "MPO"):
        return 1
    kept = settings.PICTURE_WORKING_EDGE if finest else settings.PICTURE_LEAST_WORKING_EDGE
    longest = max(image.size) / kept
    return next((scale for scale in (8, 4, 2) if longest >= scale), 1)


def _components_of_scan(content):
    """How many colours the first scan of a JPEG has. With fewer than all, it is kept whole."""
    place = 2
    while place + 4 < len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        if marker == _START_OF_SCAN:
            return content[place + 4]
        length = 0 if marker in _BARE else int.from_bytes(content[place + 2 : place + 4], "big")
        place += 2 + length if marker != 0xFF else 1
    return 0


def _coefficients(image):
    """Bytes of all coefficients, which the decoder keeps until it has read the last scan."""
    widest = max(across for _, across, _, _ in image.layer)
    tallest = max(down for _, _, down, _ in image.layer)
    parts = sum(across * down for _, across, down, _ in image.layer) / (widest * tallest)
    return image.width * image.height * parts * 2


def _small(image):
    """`image`, decoded, as RGB or CMYK and not larger than the working edge."""
    edge = settings.PICTURE_WORKING_EDGE
    pixels = image.width * image.height
    if pixels <= _WHOLE_PIXELS and image.mode in {"RGB", "CMYK", "L"}:
        image.thumbnail((edge, edge), Image.Resampling.LANCZOS)
        return _to_rgb_or_cmyk(image)
    factor = -(-max(image.size) // edge)
    width = min(image.width, max(1, _STRIP_PIXELS // factor // factor) * factor)
    rows = max(1, _STRIP_PIXELS // width // factor) * factor
    small = None
    for left, top in product(range(0, image.width, width), range(0, image.height, rows)):
        box = (left, top, min(left + width, image.width), min(top + rows, image.height))
        strip = _to_rgb_or_cmyk(image.crop(box)).reduce(factor)
        if small is None:
            size = (-(-image.width // factor), -(-image.height // factor))
            small = Image.new(strip.mode, size)
        small.paste(strip, (left // factor, top // factor))
    return small


def _orientation(image):
    try:
        return image.getexif().get(_ORIENTATION_TAG)
    except Exception:  # A good picture with broken metadata is accepted.
        return None


def _to_rgb_or_cmyk(image):
    if image.mode in {"RGB", "CMYK"}:
        return image
    if image.mode.startswith("I"):
        # 16-bit grey: keep the upper byte; Pillow's own conversion would clip at 255.
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8)).convert("RGB")
    if image.has_transparency_data:
        # As every viewer shows it: on white.
        layer = image.convert("RGBA")
        ground = Image.new("RGBA", layer.size, "white")
        return Image.alpha_composite(ground, layer).convert("RGB")
    return image.convert("RGB")


def _to_srgb(image, profile):
    """`image` with its colours converted by its profile; unchanged if it has none."""
    if profile and len(profile) <= _LARGEST_PROFILE:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            converted = None  # A broken profile, or one of another colour space.
        if converted is not None:
            return converted
    return image.convert("RGB")
