"""Hair before the wall is no fault of the wall; a dark wall and a shadow are."""

import pytest
from PIL import Image, ImageDraw, ImageFilter

from apps.verification import portrait
from tests.verification.looks import DARK, SILVER, WALL, Look

pytestmark = [pytest.mark.faces, pytest.mark.slow]


def background(image):
    found = portrait.check(image, portrait.propose(image))
    return next(finding for finding in found if finding.rule == "background")


@pytest.mark.parametrize("half", [1.0, 1.3])
def test_hair_that_reaches_the_sides_is_for_the_reviewer(half):
    finding = background(Look(DARK, height=1.05, half=half).picture())
    assert finding.is_ok is None
    assert "头发" in finding.text


@pytest.mark.parametrize("colour", [DARK, SILVER])
def test_hair_that_is_too_high_and_too_wide_is_no_fault_of_the_wall(colour):
    finding = background(Look(colour, height=1.5, half=1.0).picture())
    assert finding.is_ok is None
    assert "头发" in finding.text


def test_a_dark_wall_above_high_hair_is_still_named():
    image = Look(DARK, height=1.5, wall=(60, 60, 60)).picture()
    assert background(image).is_ok is False


def test_hair_of_usual_width_leaves_the_wall_white():
    assert background(Look(DARK, half=0.6).picture()).is_ok is True


def test_a_wall_as_dark_as_the_hair_is_no_hair():
    finding = background(Look(DARK, half=0.6, wall=DARK).picture())
    assert finding.is_ok is False


def test_a_shadow_beside_wide_hair_is_still_named():
    image = Look(DARK, height=1.05, half=0.8).picture()
    shadow = Image.new("L", image.size, 0)
    ImageDraw.Draw(shadow).rectangle((540, 0, 720, 900), fill=255)
    dark = Image.new("RGB", image.size, (150, 150, 150))
    is_wall = Image.eval(image.convert("L"), lambda level: 255 * (level > WALL[0] - 5))
    mask = Image.composite(shadow, Image.new("L", image.size, 0), is_wall)
    image.paste(dark, mask=mask.filter(ImageFilter.GaussianBlur(3)))
    finding = background(image)
    assert finding.is_ok is False
    assert "右" in finding.text
