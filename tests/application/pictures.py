"""Pictures that nobody took: what the portrait rules can measure is drawn, faces are not."""

import io
from functools import cache

import numpy as np
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw


def portrait_picture(**options):
    """A textured head and shoulders before a plain wall, sharp and neither dark nor bright."""
    return _drawn(**options).copy()


@cache
def _drawn(*, background="white", size=(716, 882)):
    width, height = size
    image = Image.new("RGB", size, background)
    draw = ImageDraw.Draw(image)
    head = (width * 0.25, height * 0.12, width * 0.75, height * 0.75)
    body = (width * 0.1, height * 0.7, width * 0.9, height * 1.4)
    draw.ellipse(body, fill=(50, 70, 110))
    draw.ellipse(head, fill=(190, 150, 125))
    pixels = np.asarray(image, dtype=np.int16)
    grain = np.random.default_rng(7).integers(-24, 24, pixels.shape)
    is_person = (pixels != pixels[2, 2]).any(axis=2)[..., None]
    return Image.fromarray(np.clip(pixels + grain * is_person, 0, 255).astype(np.uint8))


def upload(image=None, *, name="me.jpg", **options):
    """`image` as the browser sends it."""
    target = io.BytesIO()
    (image or portrait_picture(**options)).save(target, "JPEG", quality=92)
    return SimpleUploadedFile(name, target.getvalue(), content_type="image/jpeg")
