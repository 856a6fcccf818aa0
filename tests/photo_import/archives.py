"""Archives of pictures for tests."""

import io
import zipfile

from PIL import Image


def zipped(files, **options):
    """An archive of `files`, pairs of a name (or a `ZipInfo`) and bytes, or a dict of them."""
    target = io.BytesIO()
    pairs = files.items() if isinstance(files, dict) else files
    with zipfile.ZipFile(target, "w", **options) as found:
        for name, content in pairs:
            found.writestr(name, content)
    return target.getvalue()


def with_raw_names(content, names):
    """`content`, an archive, with each name of `names` (ASCII, as long) replaced by its bytes."""
    for name, raw in names.items():
        assert len(name) == len(raw)
        content = content.replace(name.encode(), raw)
    return content


def encrypted(content):
    """`content`, an archive, whose entries say that they are encrypted."""
    for head, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        parts = content.split(head)
        content = head.join(
            [parts[0]]
            + [
                part[: place - 4] + bytes([part[place - 4] | 1]) + part[place - 3 :]
                for part in parts[1:]
            ]
        )
    return content


def picture(shade=200):
    """A small picture as a JPEG, in a grey of its own."""
    target = io.BytesIO()
    Image.new("RGB", (160, 200), (shade,) * 3).save(target, "JPEG")
    return target.getvalue()
