"""How long a portrait and a face comparison take, beside what Pillow alone needs.

    .venv/bin/python -m bench.portrait [ROUNDS]

The floor is one decode, resize and JPEG encode of the same picture by Pillow. What is measured does
that and more: profile, orientation, face, crop, search of the quality, rules. Each picture is
another one than the last, so that no face is remembered.
"""

import io
import statistics
import sys
import time
from itertools import cycle

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from apps.demo.portraits import face
from apps.verification import faces, portrait, poses
from apps.verification.pictures import open_upload
from bench import table

ROUNDS = 7
PICTURES = 6


def jpeg(image):
    target = io.BytesIO()
    image.save(target, "JPEG", quality=92)
    return target.getvalue()


def floor(content):
    with Image.open(io.BytesIO(content)) as image:
        small = image.resize((portrait.WIDTH, portrait.HEIGHT), Image.Resampling.LANCZOS)
    jpeg(small)


def whole(content):
    image = poses.upright(open_upload(SimpleUploadedFile("photo.jpg", content)))
    crop = portrait.propose(image)
    portrait.check(image, crop)
    portrait.produce(image, crop)


def milliseconds(rounds, work, *arguments):
    work(*arguments)  # Loads the models.
    spent = []
    for _ in range(rounds):
        start = time.perf_counter()
        work(*arguments)
        spent.append((time.perf_counter() - start) * 1000)
    return statistics.median(spent)


def main(rounds=ROUNDS):
    pictures = [jpeg(face(seed, size=(3000, 4000))) for seed in range(PICTURES)]
    content, others = pictures[0], cycle(pictures)
    image = open_upload(SimpleUploadedFile("photo.jpg", content))
    crop = portrait.propose(image)
    base = milliseconds(rounds, floor, content)
    times = [
        ("floor: Pillow decode, resize, encode", base),
        (
            "open_upload, 12 megapixels",
            milliseconds(rounds, lambda: open_upload(SimpleUploadedFile("photo.jpg", content))),
        ),
        ("produce, from an opened picture", milliseconds(rounds, portrait.produce, image, crop)),
        ("upload to portrait with its findings", milliseconds(rounds, lambda: whole(next(others)))),
    ]
    if faces.is_available():
        selfie, roster = face(1, size=(960, 720)), face(1, size=(480, 600))
        times.append(("compare two faces", milliseconds(rounds, faces.compare, selfie, roster)))
    for name, spent in times:
        print(f"{name:40} {spent:8.1f} ms {spent / base:6.2f} × floor")
    table.compare(
        "picture",
        ours=lambda: whole(next(others)),
        floor=lambda: floor(content),
        unit="pictures a second",
    )


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:]))
