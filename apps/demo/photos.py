"""Which drawn face somebody of the town has, and the photos of it."""

import io
from dataclasses import dataclass
from functools import cache

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from apps.application import making
from apps.application.making import KeptPicture, MadePortrait
from apps.demo import ahead
from apps.demo.portraits import face
from apps.people.enums import Sex
from apps.verification import faces
from apps.verification.faces import Comparison
from apps.verification.pictures import from_jpeg, to_jpeg
from apps.verification.providers import LocalFaces

# Pixels. The smallest of the drawn faces is some pixels wider in it than a portrait needs.
PHOTO = (576, 720)
# Where people hold the telephone before themselves.
ROOM = {
    "size": (640, 640),
    "background": (150, 170, 190),
    "light": (-0.6, -0.1),
    "shift": (0.03, 0.02),
}
# Seeds of drawn faces whose photos, as uploaded, meet every rule of the portrait, also where the
# crop is only the middle of the picture because no faces can be found.
FACES = {
    Sex.MALE: (1, 2, 4, 5, 6, 8, *range(11, 17), *range(18, 22), 23, 24, *range(27, 31)),
    Sex.FEMALE: (*range(2, 12), 14, 15, 18, 19, *range(21, 25), 26, 27),
}


@dataclass(frozen=True)
class Upload:
    """The file that somebody chooses on the form, and what the portal makes of it."""

    content: bytes
    kept: KeptPicture
    made: MadePortrait

    @property
    def file(self):
        return _file(self.content)

    def read(self, file):
        """What `making.read` returns for `file`."""
        return self.kept

    def make(self, image, crop):
        """What `making.make` returns for the crop that is proposed."""
        return self.made


@dataclass(frozen=True)
class Selfie(LocalFaces):
    """A picture of somebody in another light and place: the one on file would not pass.

    The provider that has compared it with the photo on file, the portrait and the upload.
    """

    picture: Image.Image
    comparison: Comparison | None

    def compare(self, **pictures):
        return self.comparison


def begin_photo(holder):
    """Draw `photo_of(holder)` ahead."""
    ahead.begin(_photo, *_face_of(holder))


def begin_upload(holder):
    """Make `upload_of(holder)` ahead."""
    ahead.begin(_upload, *_face_of(holder), _quality_of(holder))


def begin_offered(holder):
    """Make `offered_of(holder)` ahead."""
    ahead.begin(_offered, *_face_of(holder))


def begin_selfie(holder):
    """Take and compare `selfie_of(holder)` ahead."""
    ahead.begin(_selfie, *_face_of(holder), _quality_of(holder))


def photo_of(holder):
    """The photo of the holder for the roster, a JPEG: the same one every time."""
    return ahead.result(_photo, *_face_of(holder))


def upload_of(holder):
    """The `Upload` of the same picture."""
    return ahead.result(_upload, *_face_of(holder), _quality_of(holder))


def offered_of(holder):
    """The `Upload` of `photo_of(holder)`, which the unit offers."""
    return ahead.result(_offered, *_face_of(holder))


def selfie_of(holder):
    """The `Selfie` of the same person."""
    return ahead.result(_selfie, *_face_of(holder), _quality_of(holder))


def _face_of(holder):
    """The seed of the face, and the sex; a child has no account."""
    seeds = FACES[Sex(holder.sex)]
    return seeds[(holder.user_id or holder.pk) % len(seeds)], holder.sex


def _quality_of(holder):
    """That of the JPEG, so that the files of two people with one drawn face differ.

    Nobody hands in another's. The quality repeats after 23 people, the faces of men after 22 and
    those of women after 20.
    """
    return 72 + holder.pk % 23


@cache
def _drawn(seed, sex):
    return face(seed, sex=sex, size=PHOTO)


def _photo(seed, sex):
    return to_jpeg(_drawn(seed, sex))


@cache
def _upload(seed, sex, quality):
    target = io.BytesIO()
    _drawn(seed, sex).save(target, "JPEG", quality=quality)
    return _worked_out(target.getvalue())


def _offered(seed, sex):
    return _worked_out(_photo(seed, sex))


def _worked_out(content):
    kept = making.read(_file(content))
    return Upload(content, kept, making.make(from_jpeg(kept.jpeg), kept.crop))


def _selfie(seed, sex, quality):
    picture = face(seed, sex=sex, **ROOM)
    if not faces.is_available():
        return Selfie(picture, None)
    upload = _upload(seed, sex, quality)
    held = [from_jpeg(upload.made.jpeg), from_jpeg(upload.kept.jpeg)]
    return Selfie(picture, faces.compare(picture, from_jpeg(_photo(seed, sex)), held))


def _file(content):
    return SimpleUploadedFile("me.jpg", content, "image/jpeg")
