"""A copy of a picture is known as one by its trace, without any wheels."""

import random

import pytest
from PIL import Image, ImageFilter

from apps.requests.same_picture import is_copy_of_any, trace_of
from tests.sampling import some
from tests.verification import copies
from tests.verification.samples import OTHER, PERSON, person, selfie


def blurred(image):
    return image.filter(ImageFilter.GaussianBlur(3))


def cut_anyhow(image):
    """A sixth cut off in each direction, at a place where no part that is looked at ends."""
    width, height = image.size
    return image.crop((width // 9, height // 17, width * 17 // 18, height * 8 // 9))


CHANGES = [
    copies.same,
    copies.encoded_anew,
    copies.mirrored,
    copies.cut,
    copies.cut_mirrored_and_encoded,
    copies.made_small,
    copies.made_lighter,
    copies.made_grey,
    blurred,
    cut_anyhow,
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_copy_is_known(change):
    on_file = person(PERSON, size=(480, 600))
    assert is_copy_of_any(change(on_file), [trace_of(selfie(OTHER)), trace_of(on_file)])


@pytest.mark.parametrize("seed", some(range(12), 0))
def test_whatever_edges_are_cut_off_a_copy_is_known(seed):
    chance = random.Random(seed)  # noqa: S311
    on_file = person(seed, size=(480, 600))
    width, height = on_file.size
    known = trace_of(on_file)
    for _ in range(6):
        across, down = chance.uniform(0, width / 6), chance.uniform(0, height / 6)
        left, top = chance.uniform(0, across), chance.uniform(0, down)
        part = on_file.crop(
            (round(left), round(top), round(width - across + left), round(height - down + top))
        )
        assert is_copy_of_any(copies.encoded_anew(part), [known])


@pytest.mark.parametrize("seed", some(range(12), 0))
def test_another_picture_of_the_same_person_is_no_copy(seed):
    on_file = trace_of(person(seed, size=(480, 600)))
    others = [
        selfie(seed),
        selfie(seed, background=(200, 200, 205), light=(0.3, -0.2), shift=(0.03, 0.02)),
    ]
    assert not any(is_copy_of_any(other, [on_file]) for other in others)


def test_without_pictures_there_is_no_copy():
    assert not is_copy_of_any(selfie(), [])


def test_an_even_wall_is_a_copy_of_nothing():
    wall = Image.new("RGB", (480, 600), "white")
    assert not is_copy_of_any(wall, [trace_of(wall), trace_of(person())])


def test_a_trace_is_small_and_no_picture():
    assert len(trace_of(person(size=(1440, 1800)))) < 12_000
