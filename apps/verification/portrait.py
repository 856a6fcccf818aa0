"""The portrait printed on the card (制证用数字相片): crop, JPEG, and what breaks the standard.

Nothing is retouched: a grey background stays grey and is reported.
"""

import io
import math
from dataclasses import dataclass

import numpy as np
from django.conf import settings
from PIL import Image

from apps.verification import faces, portrait_rules
from apps.verification.portrait_rules import (
    DPI,
    EYES_ABOVE_LOWER_EDGE,
    FACE_WIDTH_AIM,
    FACE_WIDTHS_PER_EYE_DISTANCE,
    HAIR_AIM,
    HEIGHT,
    WIDTH,
)
from apps.verification.refusals import PortraitRefused

# Below this quality the compression is visible in print.
LOWEST_QUALITY = 35
QUALITY = 70

# The crown with its hair stands about this many face widths above the eyes.
CROWN_ABOVE_EYES = 0.95


@dataclass(frozen=True)
class Crop:
    """A part of a picture in the proportions of the portrait: left, top and width in pixels."""

    x: int
    y: int
    width: int

    @property
    def height(self):
        return round(self.width * HEIGHT / WIDTH)

    @property
    def box(self):
        return (self.x, self.y, self.x + self.width, self.y + self.height)


def fit(image, *, x, y, width):
    """The crop nearest to what was asked for that lies inside `image`.

    Takes numbers or their text, as they come from a form. Raises `PortraitRefused` for anything
    else.
    """
    try:
        asked = [float(value) for value in (x, y, width)]
    except (TypeError, ValueError):
        asked = [math.nan]
    if not all(map(math.isfinite, asked)):
        raise PortraitRefused("裁剪位置不对，请重新调整照片。", code="bad_crop")
    left, top, wide = asked
    widest = _widest(image)
    wide = round(min(max(wide, min(settings.PORTRAIT_MIN_CROP_WIDTH, widest)), widest))
    tall = round(wide * HEIGHT / WIDTH)
    return Crop(
        x=round(min(max(left, 0), image.width - wide)),
        y=round(min(max(top, 0), image.height - tall)),
        width=wide,
    )


def propose(image):
    """The crop that meets the standard best: by the largest face, or else the middle."""
    found = faces.locate(image) if faces.is_available() else []
    if not found:
        wide = _widest(image)
        tall = round(wide * HEIGHT / WIDTH)
        return Crop((image.width - wide) // 2, (image.height - tall) // 2, wide)
    face = found[0]
    face_width = face.eye_distance * FACE_WIDTHS_PER_EYE_DISTANCE
    eyes_x, eyes_y = face.eyes
    scale = face_width / FACE_WIDTH_AIM
    widest = _widest(image)
    width = min(max(scale * WIDTH, min(settings.PORTRAIT_MIN_CROP_WIDTH, widest)), widest)
    scale = width / WIDTH
    hair_y = _hair_top(image, face, face_width)
    # The margin above the hair is kept, unless the eyes would be too low: then the hair is cut.
    eyes_from_top = min(HAIR_AIM + (eyes_y - hair_y) / scale, HEIGHT - EYES_ABOVE_LOWER_EDGE)
    return fit(image, x=eyes_x - width / 2, y=eyes_y - eyes_from_top * scale, width=width)


def produce(image, crop):
    """The portrait of `crop` as a JPEG: 358×441, RGB, 350 dpi, 14–40 kB, no metadata.

    Raises `PortraitRefused` (too_small, too_plain, too_busy).
    """
    picture = render(image, crop)
    attempts = {}

    def size(quality):
        if quality not in attempts:
            attempts[quality] = _encode(picture, quality)
        return len(attempts[quality])

    least, most = settings.PORTRAIT_MIN_BYTES, settings.PORTRAIT_MAX_BYTES
    if size(QUALITY) < least:
        quality = _lowest(lambda quality: size(quality) >= least, QUALITY + 1, 100)
        if size(quality) < least:
            raise PortraitRefused(
                "照片内容太少，达不到制证要求的文件大小，请确认照片里是您本人的正面像。",
                code="too_plain",
            )
    elif size(QUALITY) > most:
        quality = _lowest(lambda quality: size(quality) > most, LOWEST_QUALITY, QUALITY) - 1
    else:
        quality = QUALITY
    if quality < LOWEST_QUALITY or size(quality) > most:
        raise PortraitRefused(
            "照片杂点太多，压缩后仍超过制证要求的大小，请在明亮处、纯白墙前重拍。",
            code="too_busy",
        )
    return attempts[quality]


def check(image, crop):
    """The `Finding`s on the portrait that `crop` of `image` gives, in the order to show them."""
    try:
        picture = render(image, crop)
    except PortraitRefused as refusal:
        return [portrait_rules.Finding("size", False, refusal.message)]
    return portrait_rules.judge(picture)


def render(image, crop):
    """The pixels of the portrait. Raises `PortraitRefused` if `crop` is too small for that."""
    if crop.width < settings.PORTRAIT_MIN_CROP_WIDTH:
        raise PortraitRefused(
            f"人像部分只有 {crop.width}×{crop.height} 像素，制证需要至少 {WIDTH}×{HEIGHT} 像素，"
            "请上传更清晰的原图，或站近一些重拍。",
            code="too_small",
        )
    if fit(image, x=crop.x, y=crop.y, width=crop.width) != crop:
        raise PortraitRefused("裁剪位置超出了照片，请重新调整照片。", code="bad_crop")
    picture = image.resize(
        (WIDTH, HEIGHT), Image.Resampling.LANCZOS, box=crop.box, reducing_gap=3.0
    )
    picture.info = {}
    return picture


def _widest(image):
    """The width of the largest crop that `image` has room for."""
    width = min(image.width, int(image.height * WIDTH / HEIGHT))
    while round(width * HEIGHT / WIDTH) > image.height:
        width -= 1
    return width


def _lowest(holds, first, last):
    """The lowest number from `first` to `last` for which `holds` is true, or else `last`."""
    while first < last:
        middle = (first + last) // 2
        if holds(middle):
            last = middle
        else:
            first = middle + 1
    return first


def _encode(picture, quality):
    target = io.BytesIO()
    # Full colour resolution only where the file is too small anyway.
    subsampling = "4:4:4" if quality > 90 else "4:2:0"
    picture.save(
        target,
        "JPEG",
        quality=quality,
        subsampling=subsampling,
        optimize=True,
        dpi=(DPI, DPI),
    )
    return target.getvalue()


def _hair_top(image, face, face_width):
    """Where the head ends above the eyes, in pixels of `image`.

    It is where the first rows above the forehead are as even as a background. If there are no such
    rows, it is estimated from the width of the face.
    """
    eyes_x, eyes_y = face.eyes
    reach = face_width * 1.35
    left, right = (max(0, eyes_x - face_width * 0.3), min(image.width, eyes_x + face_width * 0.3))
    top, bottom = max(0, eyes_y - reach), eyes_y - face_width * 0.45
    estimate = eyes_y - face_width * CROWN_ABOVE_EYES
    if bottom - top < 2 or right - left < 2:
        return estimate
    band = image.crop((int(left), int(top), int(right), int(bottom)))
    # 100 rows are fine enough for a margin of 7 to 21 pixels.
    band = band.resize((60, 100), Image.Resampling.BOX)
    rows = np.asarray(band, dtype=np.int16)
    ground = np.median(rows[:6].reshape(-1, 3), axis=0)
    is_head = (np.abs(rows - ground).max(axis=2) > 40).mean(axis=1) > 0.08
    if is_head[:3].any() or not is_head.any():
        return estimate
    return top + (bottom - top) * int(np.argmax(is_head)) / 100
