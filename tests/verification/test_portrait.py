import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from apps.verification import faces, portrait
from apps.verification.portrait import Crop
from apps.verification.refusals import PortraitRefused
from tests.sampling import some
from tests.verification.samples import person

SEEDS = (1, 2, 5, 12, 20, 26)


@pytest.fixture
def without_faces(settings):
    settings.FACES_ENABLED = False


def findings(image, crop=None):
    return {finding.rule: finding for finding in portrait.check(image, crop or middle(image))}


def middle(image):
    """The crop in which the drawn people sit as the standard wants."""
    return portrait.fit(image, x=image.width * 0.205, y=0, width=image.width * 0.59)


def noise(size=(716, 882), strength=120):
    return Image.effect_noise(size, strength).convert("RGB")


@pytest.mark.faces
@pytest.mark.parametrize("seed", some(SEEDS, SEEDS[0]))
def test_a_good_picture_passes_every_rule_with_the_proposed_crop(seed):
    image = person(seed)
    assert [f for f in portrait.check(image, portrait.propose(image)) if not f.is_ok] == []


@pytest.mark.faces
@pytest.mark.parametrize(
    "options",
    [
        {"size": (1600, 1200)},
        {"size": (900, 1600), "shift": (0.08, -0.05)},
        {"size": (720, 900), "shift": (-0.07, 0.04)},
    ],
)
def test_the_proposal_puts_the_face_where_the_standard_wants_it(options):
    image = person(**options)
    (found,) = faces.locate(portrait.render(image, portrait.propose(image)))
    x, y = found.eyes
    assert 162 <= x <= 196
    assert 441 - y >= 207
    assert 179 <= found.eye_distance * 2.2 <= 255


@pytest.mark.faces
def test_the_hair_keeps_its_margin_to_the_upper_edge():
    image = person(size=(1440, 1800))
    rendered = np.asarray(portrait.render(image, portrait.propose(image)).convert("L"))
    first = int(np.argmax((rendered[:, 130:228] < 200).mean(axis=1) > 0.1))
    assert 7 <= first <= 21


@pytest.mark.usefixtures("without_faces")
@pytest.mark.parametrize("size", [(358, 441), (500, 2000), (2000, 500), (1023, 767)])
def test_without_a_face_the_proposal_is_the_largest_crop_in_the_middle(size):
    crop = portrait.propose(noise(size))
    left, top, right, bottom = crop.box
    assert left >= 0
    assert top >= 0
    assert abs(left - (size[0] - right)) <= 1
    assert abs(top - (size[1] - bottom)) <= 1
    assert min(left, top) <= 1


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ((-50, -50, 400), Crop(0, 0, 400)),
        ((5000, 5000, 400), Crop(316, 389, 400)),
        ((10, 10, 5000), Crop(0, 0, 716)),
        ((10, 10, 3), Crop(10, 10, 358)),
        (("12.4", "7.6", "400"), Crop(12, 8, 400)),
    ],
)
def test_a_crop_is_moved_inside_of_the_picture(asked, given):
    x, y, width = asked
    assert portrait.fit(noise(), x=x, y=y, width=width) == given


@pytest.mark.parametrize("value", ["nan", "inf", "", None, "abc", "1e999"])
def test_a_crop_that_is_no_number_is_refused(value):
    with pytest.raises(PortraitRefused) as caught:
        portrait.fit(noise(), x=0, y=value, width=400)
    assert caught.value.code == "bad_crop"


@pytest.mark.parametrize("seed", SEEDS)
def test_the_portrait_is_as_the_standard_says(seed, settings):
    image = person(seed)
    content = portrait.produce(image, middle(image))
    made = Image.open(io.BytesIO(content))
    assert (made.format, made.mode, made.size) == ("JPEG", "RGB", (358, 441))
    assert made.info["dpi"] == (350, 350)
    assert 14 * 1024 <= len(content) <= 40_000
    assert set(made.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi"}


@pytest.mark.parametrize("strength", [8, 20, 30])
def test_the_quality_is_searched_until_the_file_has_its_size(strength):
    rich = noise(strength=strength)
    assert 14 * 1024 <= len(portrait.produce(rich, Crop(0, 0, 716))) <= 40_000


def test_a_picture_with_too_little_in_it_is_refused():
    with pytest.raises(PortraitRefused) as caught:
        portrait.produce(Image.new("RGB", (716, 882), "white"), Crop(0, 0, 716))
    assert caught.value.code == "too_plain"


def test_a_picture_of_pure_noise_is_refused():
    picture = np.random.default_rng(1).integers(0, 256, (441, 358, 3), dtype=np.uint8)
    with pytest.raises(PortraitRefused) as caught:
        portrait.produce(Image.fromarray(picture), Crop(0, 0, 358))
    assert caught.value.code == "too_busy"


def test_nothing_is_blown_up():
    small = noise((300, 400))
    crop = portrait.fit(small, x=0, y=0, width=300)
    with pytest.raises(PortraitRefused) as caught:
        portrait.produce(small, crop)
    assert caught.value.code == "too_small"
    (finding,) = portrait.check(small, crop)
    assert (finding.rule, finding.is_ok) == ("size", False)


def test_a_crop_beyond_the_picture_makes_no_portrait():
    with pytest.raises(PortraitRefused) as caught:
        portrait.produce(noise(), Crop(600, 0, 400))
    assert caught.value.code == "bad_crop"


def test_nothing_is_whitened():
    image = person(background=(190, 190, 190))
    made = Image.open(io.BytesIO(portrait.produce(image, middle(image))))
    np.testing.assert_allclose(made.getpixel((10, 10)), (190, 190, 190), atol=4)


@pytest.mark.usefixtures("without_faces")
def test_faces_are_left_to_the_reviewer_without_the_wheels():
    image = person()
    found = findings(image)
    assert found["one_face"].is_ok is None
    assert "由审核老师核对" in found["one_face"].text
    assert all(finding.is_ok for rule, finding in found.items() if rule != "one_face")


@pytest.mark.usefixtures("without_faces")
@pytest.mark.parametrize(
    ("colour", "words"),
    [
        ((190, 190, 190), "四周偏灰"),
        ((90, 140, 220), "四周偏蓝"),
        ((200, 60, 50), "四周偏红"),
        ((250, 235, 180), "四周偏黄"),
        ((60, 60, 60), "四周太暗"),
    ],
)
def test_a_background_that_is_not_white_is_named_by_its_colour(colour, words):
    finding = findings(person(background=colour))["background"]
    assert not finding.is_ok
    assert words in finding.text


@pytest.mark.usefixtures("without_faces")
@pytest.mark.parametrize(
    ("place", "corner"),
    [("左上角", (0, 0)), ("右上角", (1, 0)), ("左侧", (0, 1)), ("右侧", (1, 1))],
)
def test_the_place_where_the_background_is_not_white_is_named(place, corner):
    image = portrait.render(person(), middle(person()))
    across, down = corner
    left = 0 if across == 0 else 298
    top, bottom = (0, 59) if down == 0 else (62, 219)
    ImageDraw.Draw(image).rectangle((left, top, left + 59, bottom), fill=(196, 196, 196))
    finding = findings(image, Crop(0, 0, 358))["background"]
    assert finding.text == f"背景不够白：{place}偏灰，请换白墙重拍"


@pytest.mark.usefixtures("without_faces")
def test_a_thing_in_the_background_is_named():
    image = portrait.render(person(), middle(person()))
    ImageDraw.Draw(image).rectangle((0, 10, 20, 40), fill=(30, 60, 30))
    assert "左上角有阴影或杂物" in findings(image, Crop(0, 0, 358))["background"].text


@pytest.mark.usefixtures("without_faces")
def test_a_blurred_picture_is_told_to_be_taken_again():
    image = person()
    assert findings(image)["sharpness"].is_ok
    blurred = image.filter(ImageFilter.GaussianBlur(5))
    assert "模糊" in findings(blurred)["sharpness"].text


@pytest.mark.usefixtures("without_faces")
@pytest.mark.parametrize(("factor", "words"), [(0.25, "太暗"), (2.6, "过曝")])
def test_a_picture_in_bad_light_is_told_to_be_taken_again(factor, words):
    image = ImageEnhance.Brightness(person(2)).enhance(factor)
    assert words in findings(image)["exposure"].text


@pytest.mark.faces
def test_a_picture_without_a_face_is_named():
    plain = Image.new("RGB", (716, 882), "white")
    assert "没有找到正面人脸" in findings(plain)["one_face"].text


@pytest.mark.faces
def test_a_second_face_is_named():
    pair = Image.new("RGB", (1000, 1232), "white")
    pair.paste(person(1, size=(500, 620)), (0, 300))
    pair.paste(person(2, size=(500, 620)), (500, 300))
    assert "2 张人脸" in findings(pair, portrait.fit(pair, x=0, y=0, width=1000))["one_face"].text


@pytest.mark.sampled
@pytest.mark.faces
@pytest.mark.parametrize(
    ("change", "rule", "words"),
    [
        ({"width": 980}, "face_width", "偏小"),
        ({"width": 500}, "face_width", "偏大"),
        ({"x": -100}, "eyes", "偏右"),
        ({"x": 100}, "eyes", "偏左"),
        ({"y": -120}, "eyes", "偏低"),
    ],
)
def test_a_face_out_of_place_is_named(change, rule, words):
    image = Image.new("RGB", (1600, 2000), "white")
    image.paste(person(size=(1200, 1500)), (200, 300))
    crop = portrait.propose(image)
    if "width" in change:
        grown = change["width"] - crop.width
        moved = Crop(crop.x - grown // 2, crop.y - grown // 2, change["width"])
    else:
        moved = replace(crop, x=crop.x + change.get("x", 0), y=crop.y + change.get("y", 0))
    finding = findings(image, moved)[rule]
    assert not finding.is_ok
    assert words in finding.text
