"""The wall behind a person in a finished portrait: whether it is white where it has to be seen.

Hair and headwear may reach the parts that are looked at. They are known by the colour over the
forehead, and told from a dark wall by the wall above the head.
"""

from django.conf import settings

from apps.common.later import later

np = later("numpy")

WIDTH, HEIGHT = settings.PORTRAIT_SIZE
LUMA = (0.299, 0.587, 0.114)

# Parts of the border that are background in any proper portrait: left, top, right, bottom.
# The middle of the upper edge is left out, where hair may reach it, and all below the ears.
_BACKGROUND = {
    "左上角": (0, 0, 60, 60),
    "右上角": (WIDTH - 60, 0, WIDTH, 60),
    "左侧": (0, 60, 24, 220),
    "右侧": (WIDTH - 24, 60, WIDTH, 220),
}
# The share of a region that may deviate: JPEG noise, a stray hair.
_TOLERATED = 0.08
# How much a colour (of 256 levels) may differ from the hair over the forehead: it shines.
_LIKE_HAIR = 45
# Around hair so many pixels in each direction are a mixture of hair and wall.
_SOFT_EDGE = 10
# Nothing below these rows says anything about the background.
_ROWS = max(below for *_, below in _BACKGROUND.values()) + _SOFT_EDGE
# The rows above a head in which the wall must be seen, and those in which its edge is soft.
LEAST_ABOVE, MIXED = 6, 3


class Wall:
    """The wall in a portrait, `pixels`, of which `face` is the only one and `top` its `HeadTop`.

    Both are None where that is not known. `above` are pixels from above the head, or None.
    """

    def __init__(self, pixels, face=None, top=None, above=None):
        colour = _hair_colour(pixels, face, top, above) if face and top else None
        is_hair = _hair(pixels[:_ROWS], colour)
        self._regions = {
            place: _Region(pixels[above:below, left:right], is_hair[above:below, left:right])
            for place, (left, above, right, below) in _BACKGROUND.items()
        }

    @property
    def brightness(self):
        """The mean level of the wall, 0 to 255; 0 where none of it is seen."""
        seen = np.concatenate([region.wall for region in self._regions.values()])
        return float(seen.mean()) if len(seen) else 0.0

    @property
    def is_covered(self):
        """Whether hair reaches a part in which the wall should be seen."""
        return any(region.is_covered for region in self._regions.values())

    @property
    def faults(self):
        """Where the wall is not white, and in which way, as part of a sentence; "" if it is."""
        faults = [(place, region.fault) for place, region in self._regions.items() if region.fault]
        if len(faults) == len(self._regions) and len({fault for _, fault in faults}) == 1:
            return f"四周{faults[0][1]}"
        return "，".join(f"{place}{fault}" for place, fault in faults)


class _Region:
    """One part of the border: its colours without those of hair, of which `is_hair` tells where."""

    def __init__(self, pixels, is_hair):
        self.wall = pixels[~is_hair]
        is_white = _deviating(pixels).mean() <= _TOLERATED
        is_faulty = _deviating(self.wall).sum() > _TOLERATED * is_hair.size
        self.fault = _fault(self.wall) if is_faulty and not is_white else None
        self.is_covered = not is_white and not is_faulty


def _hair(pixels, colour):
    """Which of the `pixels` have this `colour` of hair, or lie at its soft edge."""
    if colour is None:
        return np.zeros(pixels.shape[:2], dtype=bool)
    is_hair = (_largest(np.abs(pixels - colour)) <= _LIKE_HAIR) & _deviating(pixels)
    return _widened(_widened(is_hair).T).T


def _widened(marks):
    """`marks`, and what lies up to `_SOFT_EDGE` rows above or below one."""
    wider = marks.copy()
    for distance in range(1, _SOFT_EDGE + 1):
        wider[distance:] |= marks[:-distance]
        wider[:-distance] |= marks[distance:]
    return wider


def _hair_colour(pixels, face, top, above):
    """The colour of hair or headwear over the forehead; None where it is not told from the wall.

    Above a head nothing is hair. Only where all of that is white, what has the colour of the hair
    at the sides is no dark wall. Beside a head that the picture cuts some white must be seen.
    """
    _, eyes_y = face.eyes
    if round(top.y) >= LEAST_ABOVE:
        above = pixels[: round(top.y) - MIXED]
    if top.is_cut:
        is_wall_white = _deviating(_sides(pixels)).mean() < 1 - _TOLERATED
    else:
        is_wall_white = above is not None and _deviating(above).mean() <= _TOLERATED
    if not (top.is_seen and is_wall_white):
        return None
    middle, half = face.eyes[0], face.width * 0.3
    first = max(0, round(top.y + face.width * 0.05))
    rows = slice(first, round(eyes_y - face.width * 0.55))
    forehead = pixels[rows, max(0, round(middle - half)) : round(middle + half)]
    return np.median(forehead.reshape(-1, 3), axis=0) if forehead.size else None


def _sides(pixels):
    """The pixels at both sides of a portrait, beside the face."""
    boxes = (_BACKGROUND["左侧"], _BACKGROUND["右侧"])
    return np.concatenate([pixels[above:below, left:right] for left, above, right, below in boxes])


def _deviating(colours):
    """Which of the `colours` are no white wall."""
    grey = colours @ LUMA
    return (grey < settings.PORTRAIT_WHITE_LEVEL) | (_tint(colours) > settings.PORTRAIT_TINT_LIMIT)


def _tint(colours):
    """How far each of the `colours` is from a grey: its largest part less its smallest."""
    return _largest(colours) + _largest(-colours)


def _largest(colours):
    """The largest of the three parts of each colour: by pairs, ten times as fast as `max`."""
    return np.maximum(np.maximum(colours[..., 0], colours[..., 1]), colours[..., 2])


def _fault(colours):
    """What is wrong with these colours of the background."""
    is_tinted = _tint(colours) > settings.PORTRAIT_TINT_LIMIT
    if _deviating(colours).mean() < 0.6:
        return "有阴影或杂物"
    if is_tinted.mean() > 0.5:
        return f"偏{_hue(colours.mean(axis=0))}"
    return "太暗" if (colours @ LUMA).mean() < 90 else "偏灰"


def _hue(colour):
    red, green, blue = colour - colour.min()
    span = max(red, green, blue)
    high = (red > span / 2, green > span / 2, blue > span / 2)
    return {
        (True, False, False): "红",
        (True, True, False): "黄",
        (False, True, False): "绿",
        (False, True, True): "青",
        (False, False, True): "蓝",
        (True, False, True): "紫",
    }[high]
