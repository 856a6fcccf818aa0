"""How somebody stands in a picture: upright or turned, near or far."""

from django.conf import settings
from PIL import Image

from apps.verification import faces
from apps.verification.portrait_rules import FACE_WIDTH_AIM, WIDTH

_Turn = Image.Transpose
# Up to so many times the least width, a crop is taken from the finest picture.
_FAR = 1.5


def upright(image):
    """`image` as it is, or turned so that its face stands upright.

    Programs that send pictures drop the mark by which a camera says how it was held.
    """
    if not faces.is_available() or faces.locate(image):
        return image
    small = image.copy()
    small.thumbnail((faces.DETECTION_EDGE, faces.DETECTION_EDGE))
    for turn in (_Turn.ROTATE_270, _Turn.ROTATE_90, _Turn.ROTATE_180):
        if faces.locate(small.transpose(turn)):
            return image.transpose(turn)
    return image


def is_far(image):
    """Whether its face is so small in `image` that a portrait needs every pixel there is."""
    found = faces.search(image) if faces.is_available() else []
    if not found:
        return False
    crop_width = found[0].width / FACE_WIDTH_AIM * WIDTH
    return crop_width < _FAR * settings.PORTRAIT_MIN_CROP_WIDTH
