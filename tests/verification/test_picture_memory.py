"""How much memory an upload takes, and how many are decoded at once."""

import io
import subprocess
import sys
import threading
import time
from datetime import timedelta

import numpy as np
import pytest
from django.conf import settings as django_settings
from PIL import Image

from apps.verification import decoding, pictures
from apps.verification.pictures import open_upload
from apps.verification.refusals import UploadRefused
from tests.verification.samples import upload

MOST_MB = 150  # above what the process takes before
STAYS_MB = 45  # the small picture itself, and what the allocator keeps
PEAKS = [sys.executable, "-m", "tests.verification.peaks"]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize(
    "kind",
    [
        "jpeg 12",
        "jpeg 40",
        "progressive jpeg 12",
        "cmyk jpeg 12",
        "png 24",
        "png 24 with transparency",
        "png 24 of a palette",
        "png of 200,000 columns",
        "grey png of 16 bits",
        "heic 12",
    ],
)
def test_one_upload_takes_little_memory_and_gives_it_back(kind, tmp_path):
    if kind.startswith("heic") and not pictures.takes_heic():
        pytest.skip("needs the wheel in requirements/heic.txt")
    path = tmp_path / "picture"
    root = django_settings.BASE_DIR
    subprocess.run([*PEAKS, kind, path], check=True, cwd=root)  # noqa: S603 (this very program)
    said = subprocess.run(  # noqa: S603
        [*PEAKS, "measure", path], check=True, cwd=root, capture_output=True, text=True
    ).stdout
    peak, stays, size = said.split()
    assert "x" in size, f"{kind} was refused: {size}"
    assert int(peak) <= MOST_MB, kind
    assert int(stays) <= STAYS_MB, kind


def encoded(format_="JPEG", *, mode="RGB", size=(400, 300), **options):
    target = io.BytesIO()
    Image.new(mode, size, "white" if mode in ("RGB", "L") else None).save(
        target, format_, **options
    )
    return target.getvalue()


def needed(content):
    return decoding.bytes_needed(Image.open(io.BytesIO(content)), content)


def test_what_a_decoder_keeps_is_foreseen():
    pixels = 400 * 300
    assert needed(encoded()) == 4 * pixels
    assert needed(encoded(progressive=True, subsampling=0)) == (4 + 3 * 2) * pixels
    assert needed(encoded("PNG", mode="L")) == 4 * pixels
    # One scan for each colour: the decoder keeps them all, though it is not called progressive.
    apart = bytearray(encoded(subsampling=0))
    scan = apart.index(b"\xff\xda")
    apart[scan + 4] = 1
    assert needed(bytes(apart)) == (4 + 3 * 2) * pixels


@pytest.mark.parametrize("options", [{"progressive": True}, {"format_": "PNG"}])
def test_what_would_take_too_much_is_refused_undecoded(settings, monkeypatch, options):
    settings.PICTURE_DECODE_MAX_BYTES = 100_000
    monkeypatch.setattr(decoding, "normalised", None)
    with pytest.raises(UploadRefused) as refused:
        open_upload(upload(encoded(**options), "a.jpg"))
    assert refused.value.code == "too_many_pixels"
    assert "另存为普通的 JPG" in refused.value.message


def test_strips_show_the_same_as_the_whole(settings, monkeypatch):
    settings.PICTURE_WORKING_EDGE = 200
    ramp = np.tile(np.linspace(0, 255, 900, dtype=np.uint8), (700, 1))
    target = io.BytesIO()
    Image.fromarray(ramp).convert("RGB").save(target, "PNG")
    whole = open_upload(upload(target.getvalue(), "a.png"))
    monkeypatch.setattr(decoding, "_WHOLE_PIXELS", 0)
    monkeypatch.setattr(decoding, "_STRIP_PIXELS", 20_000)
    strips = open_upload(upload(target.getvalue(), "a.png"))
    # So few that a strip is narrower than the picture.
    monkeypatch.setattr(decoding, "_STRIP_PIXELS", 2_000)
    tiles = open_upload(upload(target.getvalue(), "a.png"))
    assert max(whole.size) == 200
    for cut in (strips, tiles):
        assert cut.size == (180, 140)
        difference = np.asarray(cut.resize(whole.size), int) - np.asarray(whole, int)
        assert np.abs(difference).mean() < 2


def test_twenty_at_once_are_decoded_one_by_one_and_all_answered(monkeypatch):
    inside, most, answers = [0], [0], []
    normalised = decoding.normalised

    def counted(image, **options):
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        time.sleep(0.005)
        inside[0] -= 1
        return normalised(image, **options)

    monkeypatch.setattr(decoding, "normalised", counted)
    content = encoded()
    threads = [
        threading.Thread(target=lambda: answers.append(open_upload(upload(content, "a.jpg")).size))
        for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert (answers, most) == ([(400, 300)] * 20, [1])


def test_who_waits_too_long_is_told_and_the_place_comes_free_again(settings):
    settings.PICTURE_WAIT = timedelta(milliseconds=10)
    with pictures._slot(), pytest.raises(UploadRefused) as refused:
        open_upload(upload(encoded(), "a.jpg"))
    assert (refused.value.code, "还没有轮到" in refused.value.message) == ("busy", True)
    assert open_upload(upload(encoded(), "a.jpg")).size == (400, 300)
