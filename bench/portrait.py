"""How long a portrait and a face comparison take, beside what Pillow alone needs.

    .venv/bin/python -m bench.portrait

The floor is one decode, resize and JPEG encode of the same picture by Pillow. What is measured does
that and more: profile, orientation, face, crop, search of the quality, rules.
"""

import io
import os
import statistics
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sbk_portal.settings")
django.setup()

from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from PIL import Image  # noqa: E402

from apps.demo.portraits import face  # noqa: E402
from apps.verification import faces, portrait  # noqa: E402
from apps.verification.pictures import open_upload  # noqa: E402

ROUNDS = 7


def jpeg(image):
    target = io.BytesIO()
    image.save(target, "JPEG", quality=92)
    return target.getvalue()


def floor(content):
    with Image.open(io.BytesIO(content)) as image:
        small = image.resize((portrait.WIDTH, portrait.HEIGHT), Image.Resampling.LANCZOS)
    jpeg(small)


def whole(content):
    image = open_upload(SimpleUploadedFile("photo.jpg", content))
    crop = portrait.propose(image)
    portrait.check(image, crop)
    portrait.produce(image, crop)


def milliseconds(work, *arguments):
    work(*arguments)  # Loads the models.
    spent = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work(*arguments)
        spent.append((time.perf_counter() - start) * 1000)
    return statistics.median(spent)


def main():
    content = jpeg(face(1, size=(3000, 4000)))
    image = open_upload(SimpleUploadedFile("photo.jpg", content))
    crop = portrait.propose(image)
    base = milliseconds(floor, content)
    rows = [
        ("floor: Pillow decode, resize, encode", base),
        (
            "open_upload, 12 megapixels",
            milliseconds(lambda: open_upload(SimpleUploadedFile("photo.jpg", content))),
        ),
        ("produce, from an opened picture", milliseconds(portrait.produce, image, crop)),
        ("upload to portrait with its findings", milliseconds(whole, content)),
    ]
    if faces.is_available():
        selfie, roster = face(1, size=(960, 720)), face(1, size=(480, 600))
        rows.append(("compare two faces", milliseconds(faces.compare, selfie, roster)))
    for name, spent in rows:
        print(f"{name:40} {spent:8.1f} ms {spent / base:6.2f} × floor")


if __name__ == "__main__":
    main()
