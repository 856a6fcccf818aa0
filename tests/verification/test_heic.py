"""Pictures as iPhones keep them, under whatever name they come."""

import io
from importlib.util import find_spec

import pytest
from PIL import Image

from apps.verification import pictures
from apps.verification.pictures import open_upload, to_jpeg
from apps.verification.refusals import UploadRefused
from tests.verification.samples import upload

with_library = pytest.mark.skipif(
    find_spec("pillow_heif") is None, reason="needs the wheel in requirements/heic.txt"
)
BROKEN = b"\x00\x00\x00\x18ftypheic" + bytes(60)
NAMES = ["IMG_1.HEIC", "IMG_1.JPG", "photo.png", "image", "照片.jpeg"]


def heic(size=(400, 500), colour="red"):
    pictures._optional_formats()
    content = io.BytesIO()
    Image.new("RGB", size, colour).save(content, "HEIF", quality=90)
    return content.getvalue()


def refusal(content, name):
    with pytest.raises(UploadRefused) as caught:
        open_upload(upload(content, name))
    return caught.value


@with_library
@pytest.mark.parametrize("name", NAMES)
def test_a_heic_is_taken_under_any_name(name):
    image = open_upload(upload(heic(), name))
    assert (image.size, image.mode, image.info) == ((400, 500), "RGB", {})
    red, green, blue = image.getpixel((200, 250))
    assert red > 230
    assert max(green, blue) < 30
    assert to_jpeg(image).startswith(b"\xff\xd8\xff")


@with_library
def test_a_heic_is_judged_by_the_same_limits(settings):
    assert refusal(heic(size=(30, 30)), "a.heic").code == "too_small"
    settings.PICTURE_MAX_PIXELS = 100_000
    assert refusal(heic(), "a.heic").code == "too_many_pixels"


@with_library
def test_a_heic_that_is_cut_gets_the_advice():
    content = heic()
    for end in (100, len(content) // 2, len(content) - 20):
        assert refusal(content[:end], "IMG_1.JPG").code == "wrong_format"


@pytest.mark.parametrize("name", NAMES)
def test_without_the_library_every_name_gets_the_same_advice(name, monkeypatch):
    monkeypatch.setattr(pictures, "takes_heic", lambda: False)
    caught = refusal(BROKEN, name)
    assert caught.code == "wrong_format"
    assert "兼容性最佳" in caught.message


def test_another_file_of_the_family_is_called_what_it_is():
    assert "AVIF" in refusal(b"\x00\x00\x00\x18ftypavif" + bytes(60), "a.avif").message
    assert "视频" in refusal(b"\x00\x00\x00\x14ftypqt  " + bytes(60), "IMG_1.MOV").message
