import subprocess
import sys
import threading

import pytest
from PIL import Image

from apps.verification import faces
from apps.verification.enums import Likeness
from apps.verification.faces import Comparison, FacesUnavailable
from tests.verification.copies import CHANGES, mirrored
from tests.verification.samples import COUSIN, OTHER, PERSON, person, selfie

pytestmark = pytest.mark.slow
WHITE = Image.new("RGB", (640, 640), "white")


def pair():
    both = Image.new("RGB", (1000, 620), "white")
    both.paste(person(1, size=(500, 620)), (0, 0))
    both.paste(person(2, size=(500, 620)), (500, 0))
    return both


def test_without_the_wheels_faces_are_not_available(settings):
    settings.FACES_ENABLED = False
    assert not faces.is_available()
    with pytest.raises(FacesUnavailable):
        faces.locate(WHITE)
    with pytest.raises(FacesUnavailable):
        faces.compare(WHITE, WHITE)


@pytest.mark.faces
class TestWithTheWheels:
    @pytest.mark.parametrize("seed", [PERSON, OTHER, 0, 5, 20])
    def test_a_person_is_similar_to_herself_in_another_light_and_place(self, seed):
        comparison = faces.compare(selfie(seed), person(seed))
        assert comparison.outcome == Likeness.SIMILAR
        assert 0.16 < comparison.distance < 0.4

    @pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
    def test_the_picture_on_file_itself_never_passes(self, change):
        on_file = person(PERSON, size=(480, 600))
        comparison = faces.compare(change(on_file), on_file)
        assert comparison.outcome == Likeness.SAME_PICTURE
        assert comparison.distance < 0.13

    def test_nor_does_another_one_that_the_portal_holds(self):
        shown = selfie()
        assert faces.compare(mirrored(shown), person(), [WHITE, shown]) == Comparison(
            Likeness.SAME_PICTURE, pytest.approx(0.22, abs=0.1)
        )

    def test_another_person_is_different(self):
        comparison = faces.compare(selfie(OTHER), person(PERSON))
        assert comparison.outcome == Likeness.DIFFERENT
        assert comparison.distance > 0.6

    def test_in_between_is_uncertain(self):
        comparison = faces.compare(selfie(COUSIN), person(PERSON))
        assert comparison.outcome == Likeness.UNCERTAIN

    def test_the_thresholds_are_settings(self, settings):
        settings.FACE_SIMILAR_BELOW = settings.FACE_DIFFERENT_ABOVE = 0.01
        assert faces.compare(selfie(), person()).outcome == Likeness.DIFFERENT

    def test_a_picture_without_a_face_is_named(self):
        comparison = faces.compare(WHITE, person())
        assert (comparison.outcome, comparison.distance) == (Likeness.NO_FACE, None)

    def test_a_picture_with_two_faces_is_named(self):
        assert faces.compare(pair(), person()).outcome == Likeness.MANY_FACES

    def test_a_reference_without_a_face_is_named(self):
        assert faces.compare(selfie(), WHITE).outcome == Likeness.NO_REFERENCE

    def test_positions_are_in_the_pixels_of_the_picture(self):
        (small,) = faces.locate(person(size=(720, 900)))
        (large,) = faces.locate(person(size=(1440, 1800)))
        assert large.eyes[0] == pytest.approx(small.eyes[0] * 2, abs=8)
        assert large.eyes[1] == pytest.approx(small.eyes[1] * 2, abs=8)
        assert large.eye_distance == pytest.approx(small.eye_distance * 2, abs=8)
        assert small.left[0] < small.eyes[0] < small.right[0]

    def test_many_threads_get_the_same_answer(self):
        picture, reference, distances = selfie(), person(), []

        def work():
            distances.append(faces.compare(picture, reference).distance)

        threads = [threading.Thread(target=work) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(distances)) == 1
        assert len(distances) == 6

    def test_nothing_is_loaded_before_it_is_needed_and_never_the_68_point_model(self):
        script = """
import builtins, os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "sbk_portal.settings"
from apps.verification import faces
assert "dlib" not in sys.modules
import dlib
loaded = []
real = dlib.shape_predictor
dlib.shape_predictor = lambda path: (loaded.append(path), real(path))[1]
from PIL import Image
faces.locate(Image.new("RGB", (200, 200)))
print([os.path.basename(path) for path in loaded])
"""
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-c", script], capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == "['shape_predictor_5_face_landmarks.dat']"


@pytest.mark.faces
def test_a_picture_that_was_just_looked_at_is_not_searched_again(monkeypatch):
    searched, mark = [], faces._mark
    monkeypatch.setattr(faces, "_latest", {})
    monkeypatch.setattr(faces, "_mark", lambda *a: searched.append(1) or mark(*a))
    picture = person(PERSON)
    found = faces.locate(picture)
    assert found
    assert faces.locate(picture.copy()) == found
    assert len(searched) == 1
    other = picture.copy()
    other.putpixel((0, 0), (1, 2, 3))
    faces.locate(other)
    assert len(searched) == 2


@pytest.mark.faces
def test_only_the_last_pictures_are_remembered(monkeypatch):
    monkeypatch.setattr(faces, "_latest", {})
    monkeypatch.setattr(faces, "_mark", lambda models, pixels: [])
    for level in range(faces._MOST_LATEST + 5):
        faces.locate(Image.new("RGB", (90, 90), (level, 0, 0)))
    assert len(faces._latest) == faces._MOST_LATEST
