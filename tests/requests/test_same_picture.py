"""A copy of a picture is known as one, without any wheels."""

import pytest
from PIL import ImageFilter

from apps.verification.same_picture import is_copy_of_any
from tests.sampling import some
from tests.verification import copies
from tests.verification.samples import OTHER, PERSON, person, selfie


def blurred(image):
    return image.filter(ImageFilter.GaussianBlur(3))


@pytest.mark.parametrize(
    "change",
    [
        copies.same,
        copies.encoded_anew,
        copies.mirrored,
        copies.made_small,
        copies.made_lighter,
        copies.made_grey,
        blurred,
    ],
    ids=lambda change: change.__name__,
)
def test_a_copy_is_known(change):
    on_file = person(PERSON, size=(480, 600))
    assert is_copy_of_any(change(on_file), [selfie(OTHER), on_file])


@pytest.mark.parametrize("seed", some(range(8), 0))
def test_another_picture_of_the_same_person_is_no_copy(seed):
    assert not is_copy_of_any(selfie(seed), [person(seed, size=(480, 600))])


def test_without_pictures_there_is_no_copy():
    assert not is_copy_of_any(selfie(), [])
