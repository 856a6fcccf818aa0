"""Run as a program: opens one picture of a kind as an upload; prints the memory it took in MB.

The first number is the peak above the process's base, the second what stayed afterwards. The
picture is made in a process of its own, so that only opening it is measured.
"""

import io
import os
import sys
from pathlib import Path

import django
import numpy as np

MB = 1024 * 1024


def make(kind):
    """The bytes of the picture `kind`."""
    from PIL import Image  # noqa: PLC0415 (the measuring process must not have made one)

    from apps.verification import pictures  # noqa: PLC0415

    pictures._optional_formats()
    target = io.BytesIO()
    shapes = {
        "jpeg 12": ("RGB", (4032, 3024), "JPEG", {}),
        "jpeg 40": ("RGB", (7300, 5470), "JPEG", {}),
        "progressive jpeg 12": ("RGB", (4032, 3024), "JPEG", {"progressive": True}),
        "cmyk jpeg 12": ("CMYK", (4032, 3024), "JPEG", {}),
        "png 12": ("RGB", (4032, 3024), "PNG", {}),
        "png 24": ("RGB", (6000, 4000), "PNG", {}),
        "png 24 with transparency": ("RGBA", (6000, 4000), "PNG", {}),
        "png 24 of a palette": ("P", (6000, 4000), "PNG", {}),
        "png of 200,000 columns": ("RGBA", (200_000, 125), "PNG", {"compress_level": 1}),
        "grey png of 16 bits": ("I;16", (6000, 4000), "PNG", {}),
        "heic 12": ("RGB", (4032, 3024), "HEIF", {"quality": 60}),
    }
    mode, size, format_, options = shapes[kind]
    # Noise in small, so that the file is not trivial, and made quickly.
    noise = np.random.default_rng(0).integers(0, 255, (60, 80), dtype=np.uint8)
    image = Image.fromarray(noise).resize(size)
    if mode == "I;16":
        image = Image.fromarray(np.asarray(image).astype(np.uint16) << 8)
    else:
        image = image.convert(mode)
    image.save(target, format_, **options)
    return target.getvalue()


def memory(name):
    """A line of /proc/self/status in MB: VmHWM is the peak, VmRSS what is used now."""
    [line] = [one for one in Path("/proc/self/status").read_text().splitlines() if name in one]
    return int(line.split()[1]) / 1024


def measure(path):
    from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415
    from PIL import Image  # noqa: PLC0415

    from apps.verification.pictures import open_upload  # noqa: PLC0415
    from apps.verification.refusals import UploadRefused  # noqa: PLC0415

    small = io.BytesIO()
    Image.new("RGB", (200, 200)).save(small, "JPEG")
    open_upload(SimpleUploadedFile("small.jpg", small.getvalue()))  # everything is imported
    base = memory("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    try:
        said = "x".join(map(str, open_upload(SimpleUploadedFile("a", path.read_bytes())).size))
    except UploadRefused as refusal:
        said = refusal.code
    print(round(memory("VmHWM") - base), round(memory("VmRSS") - base), said)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sbk_portal.settings")
    django.setup()
    what, place = sys.argv[1], Path(sys.argv[2])
    if what == "measure":
        measure(place)
    else:
        place.write_bytes(make(what))
