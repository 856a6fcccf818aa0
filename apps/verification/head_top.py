"""Where a head ends above the eyes, hair and headwear included.

It is found by its contour before the wall, also where hair and wall are nearly of one colour: what
counts is the difference to the wall beside and above the head, compared with the noise of the wall.
Where no contour is to be seen, it is estimated from the proportions of the face.
"""

from dataclasses import dataclass
from typing import Any

from PIL import Image

from apps.common.later import later

np = later("numpy")

# All lengths are in widths of the face.
#
# A head ends at least so far above the eyes, also a bald one (an adult's: 112 mm of 143), and with
# its hair or hat at most so far.
LOWEST, HIGHEST = 0.66, 2.0
# The height with hair, for where nothing is seen: the usual one (0.95), and as much more as the
# width of a face is measured too small. A margin that is too wide is better than hair cut off.
ESTIMATE = 1.03
# What is looked at: how far beside the eyes, and from the brows up.
_BESIDE, _BROWS = 1.2, 0.3
# The columns over the forehead, and those at the sides, where the wall is.
_OVER, _SIDE_FROM, _SIDE_WIDTH = 0.3, 0.7, 0.3
# The rows at the top, which show how bright the wall is from left to right.
_ROWS_ABOVE = 0.05
# A stripe of this height in the colour of the wall belongs to the head: a hat may have one.
_STRIPE = 0.15
# A clear contour with a fainter one so close above is one contour that is not sharp.
_SOFT = 0.04
# At an edge the rows above it differ from the wall by at most this share of those below it.
_EDGE = 0.6
# Pixels to one width of the face, in which all this is measured.
_GRID = 120
# The share of a row that must differ from the wall.
_SHARE = 0.08
# Levels of a colour (of 256): a difference to an even wall that is seen, one to an uneven wall,
# and how much the wall above may differ from the wall beside.
_FAINT, _CLEAR, _UNEVEN = 3.0, 12.0, 8.0


@dataclass(frozen=True)
class HeadTop:
    """`y` is in pixels of the picture, above it if negative.

    `is_seen`: by a contour and not estimated. `is_cut`: the head reaches the upper edge of the
    picture, so that it may be higher than `y`.
    """

    y: float
    is_seen: bool
    is_cut: bool = False


def find(image, *, eyes, face_width):
    """The `HeadTop` of the person in the RGB `image` the mid-point of whose eyes is `eyes`."""
    estimated = HeadTop(eyes[1] - ESTIMATE * face_width, is_seen=False)
    area = _Area.around(image, eyes, face_width)
    if area is None:
        return estimated
    is_cut = False
    for wall in area.walls():
        away = np.abs(area.pixels - wall).max(axis=2)
        noise = area.noise(away)
        faint = area.first_row(away > max(_FAINT, 4 * noise))
        clear = area.first_row(away > max(_CLEAR, 6 * noise))
        is_soft_edge = faint and clear and clear - faint <= _SOFT * _GRID
        row = clear if is_soft_edge else faint or clear
        if row and (row == clear or area.is_edge(away, row)):
            return HeadTop(area.top + row / area.scale, is_seen=True)
        is_cut = is_cut or clear == 0
    if is_cut and area.top == 0:
        return HeadTop(0.0, is_seen=True, is_cut=True)
    return estimated


@dataclass(frozen=True)
class _Area:
    """The picture from the brows up, shrunk to _GRID pixels to a width of the face."""

    pixels: Any  # an array of numpy
    top: float  # in the picture
    scale: float  # its pixels to one of the picture
    eyes_x: float
    eyes_y: float

    @classmethod
    def around(cls, image, eyes, face_width):
        """None where the picture shows nothing above the brows, or nothing beside the head."""
        left = max(0.0, eyes[0] - _BESIDE * face_width)
        right = min(float(image.width), eyes[0] + _BESIDE * face_width)
        top = max(0.0, eyes[1] - (HIGHEST + _STRIPE) * face_width)
        bottom = eyes[1] - _BROWS * face_width
        scale = _GRID / face_width
        size = (round((right - left) * scale), round((bottom - top) * scale))
        if min(size) < _GRID * _ROWS_ABOVE:
            return None
        small = image.resize(
            size, Image.Resampling.BOX, box=(left, top, right, bottom), reducing_gap=2.0
        )
        pixels = np.asarray(small, dtype=np.float32)
        return cls(pixels, top, scale, (eyes[0] - left) * scale, (eyes[1] - top) * scale)

    def walls(self):
        """What the wall may look like where the head hides it, the most exact guess first."""
        rows_above = self.pixels[: round(_GRID * _ROWS_ABOVE)]
        sides = self._sides()
        if sides:
            beside = self._between([np.median(self.pixels[:, side], axis=1) for side in sides])
            # The wall may be brighter in the middle than at its sides.
            uneven = np.median(rows_above - beside[: len(rows_above)], axis=0)
            yield beside + np.where(np.abs(uneven) <= _UNEVEN, uneven, 0)
        yield np.broadcast_to(np.median(rows_above, axis=(0, 1)), self.pixels.shape)

    def noise(self, away):
        """How much the wall differs from what it should look like."""
        sides = [away[:, side] for side in self._sides()] or [away[: round(_GRID * _ROWS_ABOVE)]]
        return float(np.median(np.concatenate([side.ravel() for side in sides])))

    def is_edge(self, away, row):
        """Whether what differs from the wall begins in `row`.

        A head that is nearly as bright as the wall has no edge: it differs more and more from it.
        """
        over = self._over()
        near, far = round(_SOFT * _GRID), round(_STRIPE * _GRID)
        above = away[max(0, row - far) : max(1, row - near), over].mean()
        below = away[row + near : row + far, over].mean()
        return below >= _FAINT and above < _EDGE * below

    def _over(self):
        middle, half = self.eyes_x, _OVER * _GRID
        return slice(max(0, round(middle - half)), round(middle + half))

    def first_row(self, is_head):
        """The row in which the head begins; None where no contour of a head is to be seen."""
        rows = np.flatnonzero(is_head[:, self._over()].mean(axis=1) > _SHARE)
        if not len(rows):
            return None
        # From the brows up, to the first stretch of wall that is more than a stripe.
        gaps = np.flatnonzero(np.diff(rows) > _STRIPE * _GRID)
        row = int(rows[gaps[-1] + 1] if len(gaps) else rows[0])
        height = (self.eyes_y - row) / _GRID
        is_joined = len(is_head) - rows[-1] <= _STRIPE * _GRID
        return row if is_joined and height >= LOWEST and (height <= HIGHEST or not row) else None

    def _sides(self):
        """The columns left and right of the head, as far as the picture has them."""
        width = self.pixels.shape[1]
        left = round(self.eyes_x - _SIDE_FROM * _GRID)
        right = round(self.eyes_x + _SIDE_FROM * _GRID)
        wide = round(_SIDE_WIDTH * _GRID)
        sides = [slice(0, min(left, wide)), slice(max(right, width - wide), width)]
        return [side for side in sides if side.stop - side.start >= 3]

    def _between(self, columns):
        """A picture that runs from the colours of the first column to those of the last."""
        share = np.linspace(0, 1, self.pixels.shape[1], dtype=np.float32)[None, :, None]
        return columns[0][:, None] * (1 - share) + columns[-1][:, None] * share
