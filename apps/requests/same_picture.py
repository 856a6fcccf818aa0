"""Whether a picture is a copy of another one, whole or mirrored, with any size, light or encoding.

A difference hash (dHash): both are made very small, and it is noted where a point is lighter than
the one beside it. Copies differ in a few of these notes, other pictures in about half. A part that
was cut out is found by the distance of its face instead (settings.FACE_SAME_BELOW).
"""

from PIL import Image, ImageOps

from apps.common.later import later

np = later("numpy")

EDGE = 16
MOST_DIFFERENT = EDGE * EDGE // 10


def is_copy_of_any(picture, others):
    """Whether the RGB image `picture` is a copy of one of `others`."""
    found = [_marks(image) for image in (picture, ImageOps.mirror(picture))]
    return any(
        np.count_nonzero(one != other) <= MOST_DIFFERENT
        for other in map(_marks, others)
        for one in found
    )


def _marks(image):
    small = image.convert("L").resize((EDGE + 1, EDGE), Image.Resampling.BOX)
    light = np.asarray(small, dtype=np.int16)
    return light[:, 1:] > light[:, :-1]
