"""Compares a picture of a page with the one on file, so that a changed layout shows.

A picture is laid out in cells of 8 × 8 px, of which only the mean colour counts: other edges of
letters, or another digit, change little of it, and what is moved, missing or recoloured much.
"""

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops

FOLDER = Path(__file__).parent / "shots"
CELL = 8
LEAST_CHANGE = 28
"""By how much of 255 the mean colour of a cell must differ to count as changed."""
MOST_CHANGED = 0.004
"""The share of changed cells with which two pictures are still taken for the same."""
COLOURS = 256


def cells(image):
    """The mean colour of each cell of `image`, as a small picture."""
    return image.convert("RGB").reduce(CELL)


def changed(before, after):
    """The share of cells that differ, 0 to 1; 1 for pictures of different size."""
    if before.size != after.size:
        return 1.0
    bands = ImageChops.difference(cells(before), cells(after)).split()
    most = ImageChops.lighter(ImageChops.lighter(bands[0], bands[1]), bands[2])
    counts = most.histogram()
    return sum(counts[LEAST_CHANGE:]) / sum(counts)


def is_same(before, after):
    """Whether both show the same layout."""
    return changed(before, after) <= MOST_CHANGED


def take(page):
    """A picture of what is in view on `page`."""
    return Image.open(BytesIO(page.screenshot(animations="disabled", caret="hide")))


def on_file(name):
    """The picture `name` as it was kept; None if there is none yet."""
    path = FOLDER / f"{name}.png"
    return Image.open(path) if path.exists() else None


def keep(name, image):
    """Put `image` on file, in few colours, so that it stays small."""
    FOLDER.mkdir(exist_ok=True)
    small = image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(FOLDER / f"{name}.png", optimize=True)
