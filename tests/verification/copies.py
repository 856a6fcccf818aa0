"""What somebody may do to a picture so that it does not look like the one on file."""

import io

from PIL import Image, ImageEnhance, ImageOps

from tests.verification.samples import encoded


def same(image):
    return image


def encoded_anew(image):
    return Image.open(io.BytesIO(encoded(image, quality=40))).convert("RGB")


def mirrored(image):
    return ImageOps.mirror(image)


def cut(image):
    width, height = image.size
    return image.crop((width // 10, height // 20, width * 19 // 20, height * 9 // 10))


def cut_mirrored_and_encoded(image):
    return encoded_anew(mirrored(cut(image)))


def made_small(image):
    return image.resize((image.width // 2, image.height // 2))


def made_lighter(image):
    return ImageEnhance.Brightness(image).enhance(1.3)


def made_grey(image):
    return image.convert("L").convert("RGB")


CHANGES = [
    same,
    encoded_anew,
    mirrored,
    cut,
    cut_mirrored_and_encoded,
    made_small,
    made_lighter,
    made_grey,
]
