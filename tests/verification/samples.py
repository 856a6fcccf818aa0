"""Uploads for tests, valid and invalid ones."""

import io
from functools import cache

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from apps.demo.portraits import face

# Seeds of drawn people. `OTHER` is far from `PERSON` for the comparison, `COUSIN` in between.
PERSON, COUSIN, OTHER = 12, 8, 9
SELFIE = {"size": (640, 640), "background": (150, 170, 190), "light": (-0.4, -0.2)}


def encoded(image, kind="JPEG", **options):
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def upload(content, name="photo.jpg"):
    """`content` (bytes, or an image to be written as JPEG) as a browser would send it."""
    if isinstance(content, Image.Image):
        content = encoded(content, quality=92)
    return SimpleUploadedFile(name, content)


@cache
def person(seed=PERSON, **options):
    """The picture that HR has on file. Drawn once: change a copy."""
    return face(seed, **options)


@cache
def selfie(seed=PERSON, **options):
    """The same person in another light and place."""
    return face(seed, **SELFIE | options)
