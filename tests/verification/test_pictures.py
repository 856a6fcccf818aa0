import contextlib
import io
import random
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms

from apps.verification.pictures import open_upload, to_jpeg
from apps.verification.refusals import UploadRefused
from tests.verification.samples import encoded, upload


def gradient(size=(400, 500)):
    """Red grows to the right and green downwards, so that every turn shows."""
    width, height = size
    pixels = np.zeros((height, width, 3), dtype=np.uint8)
    pixels[..., 0] = np.linspace(0, 255, width)[None, :]
    pixels[..., 1] = np.linspace(0, 255, height)[:, None]
    return Image.fromarray(pixels)


def refusal(content, name="photo.jpg"):
    with pytest.raises(UploadRefused) as caught:
        open_upload(upload(content, name))
    return caught.value


def png_header(width, height):
    """A PNG that claims a size and holds no pixels."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_is_opened_as_it_is(kind):
    image = open_upload(upload(encoded(gradient(), kind)))
    assert (image.mode, image.size) == ("RGB", (400, 500))
    np.testing.assert_allclose(np.asarray(image), np.asarray(gradient()), atol=12)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_as_the_camera_was_held(orientation):
    turns = {
        1: lambda p: p,
        2: lambda p: p[:, ::-1],
        3: lambda p: p[::-1, ::-1],
        4: lambda p: p[::-1],
        5: lambda p: p.transpose(1, 0, 2),
        6: lambda p: np.rot90(p, 1),
        7: lambda p: p[::-1, ::-1].transpose(1, 0, 2),
        8: lambda p: np.rot90(p, -1),
    }
    upright = np.asarray(gradient())
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = Image.fromarray(np.ascontiguousarray(turns[orientation](upright)))
    image = open_upload(upload(encoded(stored, quality=95, exif=exif)))
    assert image.size == (400, 500)
    np.testing.assert_allclose(np.asarray(image), upright, atol=14)


def test_a_large_picture_is_reduced_and_keeps_its_proportions(settings):
    image = open_upload(upload(Image.new("RGB", (6000, 4000), "red")))
    assert image.size == (settings.PICTURE_WORKING_EDGE, settings.PICTURE_WORKING_EDGE * 2 // 3)


def test_a_large_jpeg_is_read_at_half_its_size_unless_the_finest_is_wanted():
    content = encoded(Image.new("RGB", (4032, 3024), "red"))
    assert open_upload(upload(content)).size == (2016, 1512)
    assert open_upload(upload(content), finest=True).size == (2400, 1800)


def test_colour_models_of_all_kinds_become_rgb():
    grey = Image.new("L", (200, 200), 130)
    sixteen = Image.fromarray(np.full((200, 200), 130 << 8, dtype=np.uint16))
    palette = Image.new("RGB", (200, 200), (130, 130, 130)).quantize()
    cmyk = Image.new("RGB", (200, 200), (130, 130, 130)).convert("CMYK")
    for image, kind in ((grey, "PNG"), (sixteen, "PNG"), (palette, "PNG"), (cmyk, "JPEG")):
        opened = open_upload(upload(encoded(image, kind)))
        assert opened.mode == "RGB"
        np.testing.assert_allclose(np.asarray(opened)[100, 100], (130, 130, 130), atol=4)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_stands_on_white(mode):
    image = Image.new("RGBA", (200, 200), (0, 0, 0, 0)).convert(mode)
    options = {"transparency": 0} if mode == "P" else {}
    opened = open_upload(upload(encoded(image, "PNG", **options)))
    assert opened.getpixel((100, 100)) == (255, 255, 255)


def test_colours_follow_the_profile_of_the_picture():
    lab = ImageCms.createProfile("LAB")
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = open_upload(upload(encoded(gradient(), icc_profile=srgb, quality=95)))
    np.testing.assert_allclose(np.asarray(swapped), np.asarray(gradient()), atol=12)
    # A profile that does not fit the picture is left aside.
    odd = ImageCms.ImageCmsProfile(lab).tobytes()
    assert open_upload(upload(encoded(gradient(), icc_profile=odd))).size == (400, 500)
    assert open_upload(upload(encoded(gradient(), icc_profile=b"nonsense"))).size == (400, 500)


def test_of_several_views_in_one_photograph_the_first_is_taken():
    content = encoded(
        gradient(), "MPO", save_all=True, append_images=[Image.new("RGB", (400, 500))]
    )
    np.testing.assert_allclose(
        np.asarray(open_upload(upload(content))), np.asarray(gradient()), atol=20
    )


def test_a_png_named_jpg_is_taken_for_what_it_is():
    assert open_upload(upload(encoded(gradient(), "PNG"), "photo.jpg")).size == (400, 500)


def test_what_is_kept_of_an_upload_has_no_metadata():
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    content = encoded(gradient(), exif=exif, comment=b"private")
    kept = to_jpeg(open_upload(upload(content)))
    assert b"taken at home" in content
    assert b"taken at home" not in kept
    assert b"private" not in kept
    assert not Image.open(io.BytesIO(kept)).getexif()


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "photo.jpg", "empty"),
        (b"GIF89a" + bytes(60), "photo.gif", "wrong_format"),
        (b"GIF89a" + bytes(60), "photo.jpg", "mislabelled"),
        (b"%PDF-1.7" + bytes(60), "photo.png", "mislabelled"),
        (b"<html>hello</html>", "photo.JPG", "mislabelled"),
        (b"<html>hello</html>", "page.html", "not_a_picture"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(60), "IMG_1.HEIC", "wrong_format"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 " + bytes(60), "photo.webp", "wrong_format"),
        (b"\xff\xd8\xff\xe0 then nothing", "photo.jpg", "damaged"),
        (png_header(60_000, 60_000), "photo.png", "too_many_pixels"),
        (png_header(8_001, 5_000), "photo.png", "too_many_pixels"),
        (png_header(300, 300), "photo.png", "damaged"),
    ],
)
def test_what_is_no_sound_picture_is_refused_by_its_own_rule(content, name, code):
    caught = refusal(content, name)
    assert caught.code == code
    assert caught.message.endswith("。")


@pytest.mark.parametrize(
    ("content", "name", "called"),
    [
        (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "scan.jpg", "JPEG 2000"),
        (b"\xff\x0a" + bytes(60), "photo.jxl", "JPEG XL"),
        (b"8BPS\x00\x01" + bytes(60), "face.psd", "PSD"),
        (b"\x00\x00\x00\x18ftypcrx " + bytes(60), "IMG.CR3", "CR3"),
        (b"PK\x03\x04" + bytes(60), "IMG_1.LIVP", "实况照片"),
    ],
)
def test_another_kind_of_picture_is_called_what_it_is(content, name, called):
    assert called in refusal(content, name).message


def test_every_refusal_has_its_own_sentence():
    cases = [
        (b"", "a.jpg"),
        (b"GIF89a" + bytes(60), "a.gif"),
        (b"GIF89a" + bytes(60), "a.jpg"),
        (b"hello", "a.txt"),
        (b"\xff\xd8\xff\xe0", "a.jpg"),
        (png_header(60_000, 60_000), "a.png"),
        (png_header(30, 30), "a.png"),
    ]
    assert len({refusal(*case).message for case in cases}) == len(cases)


def test_forty_megapixels_are_taken_and_one_row_more_is_not(settings):
    settings.PICTURE_MAX_PIXELS = 200 * 200
    assert open_upload(upload(Image.new("RGB", (200, 200)))).size == (200, 200)
    assert refusal(Image.new("RGB", (200, 201))).code == "too_many_pixels"


def test_ten_megabytes_are_taken_and_one_byte_more_is_not(settings):
    content = encoded(gradient())
    settings.PICTURE_MAX_BYTES = len(content)
    assert open_upload(upload(content)).size == (400, 500)
    assert refusal(content + b"\0").code == "too_many_bytes"


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_truncated_picture_is_refused(kind):
    noise = Image.effect_noise((400, 500), 60)
    content = encoded(noise, kind)
    assert refusal(content[: len(content) // 2]).code == "damaged"


def test_an_animated_png_is_refused():
    frames = [Image.new("RGB", (200, 200), colour) for colour in ("red", "blue")]
    content = encoded(frames[0], "PNG", save_all=True, append_images=frames[1:])
    assert refusal(content, "photo.png").code == "animated"


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_whatever_bytes_are_broken_the_answer_is_a_picture_or_a_sentence(kind):
    chance = random.Random(20261123)  # noqa: S311
    exif = Image.Exif()
    exif[0x0112] = 6
    sound = encoded(Image.effect_noise((160, 160), 60).convert("RGB"), kind, exif=exif)
    for _ in range(150):
        broken = bytearray(sound)
        for _ in range(chance.randint(1, 12)):
            # The headers are at the front, and the most fragile.
            place = chance.randrange(chance.choice([200, len(broken)]))
            broken[place] = chance.randrange(256)
        with contextlib.suppress(UploadRefused):
            assert open_upload(upload(bytes(broken))).mode == "RGB"
