"""The portrait printed on the card (制证用数字相片): crop, JPEG, and what breaks the standard.

Nothing is retouched: a grey background stays grey and is reported.
"""

import io
import math
from dataclasses import dataclass, replace

from django.conf import settings
from PIL import Image

from apps.verification import faces, head_top, portrait_rules, wall
from apps.verification.portrait_rules import (
    DPI,
    EYES_ABOVE_LOWER_EDGE,
    FACE_WIDTH,
    FACE_WIDTH_AIM,
    HAIR_AIM,
    HAIR_BELOW_UPPER_EDGE,
    HEIGHT,
    WIDTH,
)
from apps.verification.refusals import PortraitRefused

# Below this quality the compression is visible in print.
LOWEST_QUALITY = 35
QUALITY = 70

# The widths of the face to try, the best one first: a little smaller for hair that is high or wide,
# a little larger where the picture leaves little room above the head.
_FACE_WIDTHS_TO_TRY = (FACE_WIDTH_AIM, 190, 228)
# Where each of these breaks a rule, crops that are a little larger or smaller: a face is measured
# some pixels wider in one crop than in the next.
_STRETCHES_TO_TRY = (1.015, 0.985, 1.03, 0.97)
_TRIES = (
    *((face_width, 1.0) for face_width in _FACE_WIDTHS_TO_TRY),
    *((FACE_WIDTH_AIM, stretch) for stretch in _STRETCHES_TO_TRY),
)
# Of what rules demand, some pixels are left to the errors of measuring.
_LEAST_FACE_WIDTH = FACE_WIDTH[0] + 4
_LEAST_HAIR = HAIR_BELOW_UPPER_EDGE[0] + 3
_LOWEST_EYES = HEIGHT - EYES_ABOVE_LOWER_EDGE - 3
# So many rows above a head show what the wall is like there.
_ROWS_ABOVE = 20
# The rules that another crop of the same picture may keep.
_ABOUT_THE_CROP = ("face_width", "eyes", "hair", "background")


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
    """The crop that breaks the fewest rules, and leaves the fewest to a reviewer.

    By the largest face, or else the middle. `image` is the picture as it is kept: another encoding
    of it may be measured otherwise.
    """
    found = faces.search(image) if faces.is_available() else []
    if not found:
        wide = _widest(image)
        tall = round(wide * HEIGHT / WIDTH)
        return Crop((image.width - wide) // 2, (image.height - tall) // 2, wide)
    face = found[0]
    tried: dict[Crop, tuple[int, int, float]] = {}
    for face_width, stretch in _TRIES:
        if stretch != 1 and any(not broken for broken, *_ in tried.values()):
            break
        crop = _around(image, face, face_width, stretch)
        findings, inside = _examined(image, crop)
        about = [finding.is_ok for finding in findings if finding.rule in _ABOUT_THE_CROP]
        tried[crop] = about.count(False), about.count(None), portrait_rules.hair_cut(findings)
        if not any(tried[crop]):
            break
        # Measured in the crop, as the rules measure it.
        face = inside or face
    return min(tried, key=tried.__getitem__)


def _around(image, face, aim, stretch):
    """The crop, `stretch` times larger than in which the face is about `aim` pixels wide."""
    eyes_x, eyes_y = face.eyes
    scale = max(face.width / aim, settings.PORTRAIT_MIN_CROP_WIDTH / WIDTH)
    height = eyes_y - head_top.find(image, eyes=face.eyes, face_width=face.width).y
    # High hair: a smaller face, down to what the standard allows. Beyond that the hair is cut.
    room = _LOWEST_EYES - _LEAST_HAIR
    scale = max(scale, min(height / room, face.width / _LEAST_FACE_WIDTH)) * stretch
    scale = min(scale, _widest(image) / WIDTH)
    eyes_from_top = min(HAIR_AIM + height / scale, _LOWEST_EYES)
    return fit(
        image,
        x=eyes_x - WIDTH * scale / 2,
        y=eyes_y - eyes_from_top * scale,
        width=WIDTH * scale,
    )


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
    findings, _ = _examined(image, crop)
    return findings


def _examined(image, crop):
    """The findings, and the one face in the crop as a `Face` in pixels of `image`, or None."""
    try:
        picture = render(image, crop)
    except PortraitRefused as refusal:
        return [portrait_rules.Finding("size", False, refusal.message)], None
    if not faces.is_available():
        return portrait_rules.judge(picture, None), None
    scale = crop.width / WIDTH
    found = faces.locate(picture) or _inside(crop, faces.search(image))
    if len(found) != 1:
        return portrait_rules.judge(picture, found), None
    face = found[0].moved(scale, crop.x, crop.y)
    # Searched in the whole picture, because a portrait doesn't show what it cuts off.
    top = head_top.find(image, eyes=face.eyes, face_width=face.width)
    above = _above(image, crop, top.y)
    top = replace(top, y=(top.y - crop.y) / scale)
    return portrait_rules.judge(picture, found, top, _limits(image, crop), above), face


def _above(image, crop, y):
    """What the picture shows above a head that ends at `y`, also where the crop cuts it off.

    In pixels of the portrait; None where that are too few rows.
    """
    scale = crop.width / WIDTH
    rows = min(_ROWS_ABOVE, round(y / scale)) - wall.MIXED
    if rows < wall.LEAST_ABOVE - wall.MIXED:
        return None
    below = y - wall.MIXED * scale
    box = (crop.x, max(0, below - rows * scale), crop.x + crop.width, below)
    return image.resize((WIDTH, rows), Image.Resampling.BOX, box=box, reducing_gap=2.0)


def _limits(image, crop):
    """Which ways `crop` can't be moved or changed, because the picture or its pixels end there."""
    return portrait_rules.Limits(
        left=crop.x <= 0,
        right=crop.x + crop.width >= image.width,
        below=crop.y + crop.height >= image.height,
        smaller=crop.width <= settings.PORTRAIT_MIN_CROP_WIDTH,
        larger=crop.width >= _widest(image),
    )


def _inside(crop, found):
    """Those of the faces `found` that lie in the crop, in pixels of the portrait."""
    scale = WIDTH / crop.width
    left, top, right, bottom = crop.box
    return [
        face.moved(scale, -left * scale, -top * scale)
        for face in found
        if left < face.eyes[0] < right and top < face.eyes[1] < bottom
    ]


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
