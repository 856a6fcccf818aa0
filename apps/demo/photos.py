"""Which drawn face somebody of the town has, and the photos of it."""

import io
from functools import cache

from django.core.files.uploadedfile import SimpleUploadedFile

from apps.demo.portraits import face
from apps.people.enums import Sex

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


def seed_of(number, sex):
    """The face of the person with the number `number`."""
    return (seeds := FACES[Sex(sex)])[number % len(seeds)]


@cache
def _photo(seed, sex):
    return face(seed, sex=sex, size=PHOTO)


def photo_of(holder):
    """The photo of the holder, for the roster and for the card: the same one every time."""
    return _photo(seed_of(holder.user_id, holder.sex), holder.sex)


def selfie_of(holder):
    """A picture of the same person in another light and place: the one on file would not pass."""
    seed = seed_of(holder.user_id, holder.sex)
    return face(seed, sex=holder.sex, **ROOM)


def upload_of(holder):
    """The file that the holder chooses on the form."""
    return file_of(photo_of(holder), holder)


def file_of(picture, holder):
    """`picture` as the file of `holder`.

    Two people may have one drawn face. Their files differ, because nobody hands in another's: the
    quality repeats after 23 people, the faces of men after 22 and those of women after 20.
    """
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=72 + holder.pk % 23)
    return SimpleUploadedFile("me.jpg", target.getvalue(), "image/jpeg")
