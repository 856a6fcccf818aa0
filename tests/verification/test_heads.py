"""The whole head lies in the proposed portrait, whatever is on it, and a rule says so."""

import pytest
from PIL import Image

from apps.verification import head_top, portrait, portrait_rules
from apps.verification.faces import FACE_WIDTHS_PER_EYE_DISTANCE, Face
from apps.verification.head_top import HeadTop
from tests.sampling import some
from tests.verification.looks import DARK, LOOKS, SNOW, WALL, Look

EYES = (360.0, 400.0)
WIDTH = 290.0


@pytest.mark.sampled
@pytest.mark.faces
@pytest.mark.parametrize("name", some(LOOKS, *list(LOOKS)[:2]))
def test_the_proposal_keeps_the_margin_above_the_head_and_no_rule_refuses_it(name):
    look = LOOKS[name]
    image = look.picture()
    crop = portrait.propose(image)
    above = (look.crown - crop.y) * portrait.WIDTH / crop.width
    assert 7 <= above <= 21
    findings = portrait.check(image, crop)
    assert [finding for finding in findings if finding.is_ok is False] == []
    (hair,) = [finding for finding in findings if finding.rule == "hair"]
    assert hair.measured["y"] == pytest.approx(above, abs=4)


@pytest.mark.faces
@pytest.mark.parametrize(
    ("moved", "words"), [(0.12, "头顶被裁掉了"), (0.025, "离上边太近"), (-0.06, "离上边太远")]
)
def test_a_head_out_of_place_is_named(moved, words):
    image = Look(SNOW, shift=(0, 0.1)).picture()
    crop = portrait.propose(image)
    moved = portrait.fit(image, x=crop.x, y=crop.y + moved * crop.height, width=crop.width)
    (hair,) = [finding for finding in portrait.check(image, moved) if finding.rule == "hair"]
    assert hair.is_ok is False
    assert words in hair.text


def wall_and_head(colour, *, top, left=250, right=470):
    image = Image.new("RGB", (720, 900), WALL)
    image.paste(colour, (left, top, right, 900))
    return image


def found(image):
    return head_top.find(image, eyes=EYES, face_width=WIDTH)


@pytest.mark.parametrize("colour", [DARK, SNOW, (253, 250, 245)])
def test_a_head_is_seen_by_a_small_difference_to_the_wall(colour):
    top = found(wall_and_head(colour, top=150))
    assert top.is_seen
    assert top.y == pytest.approx(150, abs=4)


def test_a_wall_with_light_and_shadow_is_still_wall():
    image = wall_and_head((215, 215, 214), top=150)
    shade = Image.linear_gradient("L").resize(image.size).point(lambda level: level // 8)
    image = Image.composite(Image.new("RGB", image.size), image, shade)
    assert found(image).y == pytest.approx(150, abs=4)


def test_a_head_of_the_wall_s_colour_is_estimated_by_the_face():
    top = found(wall_and_head(WALL, top=150))
    assert not top.is_seen
    assert top.y == EYES[1] - head_top.ESTIMATE * WIDTH


def test_a_head_that_differs_more_and_more_from_the_wall_has_no_edge_to_be_seen():
    image = wall_and_head(WALL, top=20)
    for row in range(20, 400):
        level = WALL[0] - (row - 20) // 40
        image.paste((level,) * 3, (250, row, 470, row + 1))
    assert not found(image).is_seen


def test_a_head_that_the_picture_cuts_is_cut():
    assert found(wall_and_head(DARK, top=0)) == HeadTop(0.0, is_seen=True, is_cut=True)


def test_what_hangs_on_the_wall_is_no_head():
    image = wall_and_head(DARK, top=200)
    image.paste((200, 30, 30), (300, 20, 420, 60))
    assert found(image).y == pytest.approx(200, abs=4)


def test_where_every_usual_crop_breaks_a_rule_a_little_larger_ones_are_tried(monkeypatch):
    image = Image.new("RGB", (1200, 1500), WALL)
    person = Face((0, 0, 1, 1), (500, 650), (632, 650), nose=(566, 730))
    usual = portrait._around(image, person, portrait.FACE_WIDTH_AIM, 1)

    def examined(_, crop):
        is_ok = crop.width > usual.width
        return [portrait_rules.Finding("face_width", is_ok, "")], person

    monkeypatch.setattr(portrait.faces, "search", lambda _: [person])
    monkeypatch.setattr(portrait, "_examined", examined)
    monkeypatch.setattr(portrait.faces, "is_available", lambda: True)
    # What the widths of faces to try give is taken away, so that only the stretch is left.
    monkeypatch.setattr(portrait, "_TRIES", portrait._TRIES[:1] + portrait._TRIES[3:])
    assert usual.width < portrait.propose(image).width < usual.width * 1.02


# --- The rule ------------------------------------------------------------------------------------


def hair(top, *, eye_distance=94.0, eyes_y=211.0):
    """The finding on a portrait in which the head ends at `top`."""
    x = portrait.WIDTH / 2
    eyes = (x - eye_distance / 2, eyes_y), (x + eye_distance / 2, eyes_y)
    person = Face((0, 0, 1, 1), *eyes, nose=(x, eyes_y + 60))
    findings = portrait_rules.judge(Image.new("RGB", (358, 441)), [person], top)
    return next(finding for finding in findings if finding.rule == "hair")


@pytest.mark.parametrize(("width", "is_ok"), [(175.0, False), (178.0, True), (180.0, True)])
def test_a_face_that_is_measured_a_little_too_small_is_taken(width, is_ok):
    eyes = (100.0, 200.0), (100.0 + width / FACE_WIDTHS_PER_EYE_DISTANCE, 200.0)
    person = Face((0, 0, 1, 1), *eyes, nose=(140, 260))
    assert person.width == pytest.approx(width)
    assert portrait_rules._face_width(person, portrait_rules.Limits()).is_ok is is_ok


@pytest.mark.parametrize(
    ("top", "is_ok"),
    [
        (HeadTop(7.0, is_seen=True), True),
        (HeadTop(21.0, is_seen=True), True),
        (HeadTop(4.0, is_seen=True), False),
        (HeadTop(-30.0, is_seen=True), False),
        (HeadTop(26.0, is_seen=True), False),
        (HeadTop(0.0, is_seen=True, is_cut=True), False),
        (HeadTop(14.0, is_seen=False), None),
    ],
)
def test_the_margin_above_the_hair_is_a_rule(top, is_ok):
    assert hair(top).is_ok is is_ok


def test_high_hair_may_be_cut_where_the_face_is_smallest_and_the_eyes_are_lowest():
    high = HeadTop(-20.0, is_seen=True)
    assert hair(high, eye_distance=84, eyes_y=231).is_ok is None
    assert hair(high, eye_distance=94, eyes_y=231).is_ok is False
    assert hair(high, eye_distance=84, eyes_y=200).is_ok is False


def test_hair_that_fits_into_no_portrait_may_be_cut_a_little_before_that():
    assert hair(HeadTop(-45.0, is_seen=True), eye_distance=86, eyes_y=212).is_ok is None
    assert hair(HeadTop(-10.0, is_seen=True), eye_distance=86, eyes_y=212).is_ok is False


def test_a_head_that_is_not_seen_and_cannot_be_whole_is_cut():
    assert hair(HeadTop(-60.0, is_seen=False), eyes_y=120).is_ok is False
