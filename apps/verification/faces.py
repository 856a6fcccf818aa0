"""Finding faces in a picture, and measuring how alike two of them are.

The work is done by dlib's detector, its 5-point landmarks and its ResNet descriptor. The landmark
model with 68 points, which is in the same package, is never loaded: its licence forbids this use.
A descriptor lives for the length of one comparison and is never stored.

The wheels are optional. Without them `is_available` says no, and everything else raises
`FacesUnavailable`.
"""

import hashlib
import importlib
import threading
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec

from django.conf import settings
from PIL import Image

from apps.common.later import later
from apps.verification.enums import Likeness

np = later("numpy")

# The detector finds faces from 80 pixels on, so that a face of an eighth of this is still found.
DETECTION_EDGE = 800
# For a face that is smaller than that in a large picture. It takes four times as long.
CLOSER_EDGE = 1600
# The least confidence of a detection: real frontal faces score above 1, folds of cloth about 0.1.
CONFIDENCE = 0.3

# The standard for portraits measures the width of the face, the landmarks give the distance of the
# pupils. In adults the width is about 2.2 times the distance (139 mm to 63 mm).
FACE_WIDTHS_PER_EYE_DISTANCE = 2.2

# The models keep state while they work, so each process measures one face at a time. This also
# limits the memory.
_lock = threading.Lock()
# Where faces are in the pictures that were looked at last, by a digest of their pixels.
_latest: dict[bytes, list] = {}
_MOST_LATEST = 8


@cache
def _lighter():
    """Each level of a colour with the dark ones spread out (gamma 0.45)."""
    return np.round(255 * (np.arange(256) / 255) ** 0.45).astype(np.uint8)


class FacesUnavailable(Exception):
    """The face wheels are not installed, or are switched off."""


@dataclass(frozen=True)
class Face:
    """One face in a picture, in its pixels.

    `left` and `right` are the mid-points of the two eyes as seen in the picture, `nose` the point
    below the nose, each (x, y); `box` is the detector's (left, top, right, bottom).
    """

    box: tuple[float, float, float, float]
    left: tuple[float, float]
    right: tuple[float, float]
    nose: tuple[float, float]

    @property
    def eyes(self):
        """The mid-point of the eye line."""
        return ((self.left[0] + self.right[0]) / 2, (self.left[1] + self.right[1]) / 2)

    @property
    def eye_distance(self):
        return float(np.hypot(self.right[0] - self.left[0], self.right[1] - self.left[1]))

    @property
    def width(self):
        return self.eye_distance * FACE_WIDTHS_PER_EYE_DISTANCE

    def moved(self, scale, x, y):
        """The same face in a picture of which this one is a part that begins at `x`, `y`."""

        def there(point):
            return (x + point[0] * scale, y + point[1] * scale)

        box = (*there(self.box[:2]), *there(self.box[2:]))
        return Face(box, there(self.left), there(self.right), there(self.nose))


@dataclass(frozen=True)
class Comparison:
    """How alike two pictures are; `distance` (0 the same, about 1 strangers) if measured."""

    outcome: Likeness
    distance: float | None = None


@dataclass(frozen=True)
class _Models:
    find: object
    mark: object
    describe: object
    full_object_detections: type


def is_available():
    """Whether faces can be found here at all."""
    return settings.FACES_ENABLED and _is_installed()


@cache
def _is_installed():
    return find_spec("dlib") is not None and find_spec("face_recognition_models") is not None


def locate(image, *, edge=DETECTION_EDGE):
    """The faces in the RGB `image`, the largest first. Raises `FacesUnavailable`.

    They are looked for in `image` with at most `edge` pixels on the longer edge.
    """
    models = _load()
    small, scale = _shrunk(image, edge)
    with _lock:
        marked = _marked_lately(models, np.asarray(small))
    faces = [_face(detection, scale) for detection in marked]
    return sorted(faces, key=lambda face: face.box[0] - face.box[2])


def search(image):
    """`locate`, and where no face is found once more for small ones."""
    return locate(image) or locate(image, edge=CLOSER_EDGE)


def compare(picture, reference, held=()):
    """Whether the one face in `picture` is that in `reference`, both RGB images.

    Distances below settings.FACE_SIMILAR_BELOW are similar, above settings.FACE_DIFFERENT_ABOVE
    different, and uncertain in between. Below settings.FACE_SAME_BELOW to the reference, or to one
    of the `held` pictures of the person, it is that picture itself. Takes tenths of a second for
    each picture: never call it in a transaction. Raises `FacesUnavailable`.
    """
    models = _load()
    with _lock:
        found = _describe(models, picture)
        if len(found) != 1:
            return Comparison(Likeness.MANY_FACES if found else Likeness.NO_FACE)
        known = _describe(models, reference)
        if len(known) != 1:
            return Comparison(Likeness.NO_REFERENCE)
        others = [vectors[0] for image in held if len(vectors := _describe(models, image)) == 1]
    distance = _distance(found[0], known[0])
    if any(_distance(found[0], each) < settings.FACE_SAME_BELOW for each in [known[0], *others]):
        return Comparison(Likeness.SAME_PICTURE, distance)
    if distance < settings.FACE_SIMILAR_BELOW:
        return Comparison(Likeness.SIMILAR, distance)
    if distance > settings.FACE_DIFFERENT_ABOVE:
        return Comparison(Likeness.DIFFERENT, distance)
    return Comparison(Likeness.UNCERTAIN, distance)


def _load():
    if not is_available():
        raise FacesUnavailable
    with _lock:
        return _models()


@cache
def _models():
    # Imported here and not above: optional, and 60 MB that a process without a check never needs.
    dlib = importlib.import_module("dlib")
    files = importlib.import_module("face_recognition_models")
    return _Models(
        find=dlib.get_frontal_face_detector(),
        mark=dlib.shape_predictor(files.pose_predictor_five_point_model_location()),
        describe=dlib.face_recognition_model_v1(files.face_recognition_model_location()),
        full_object_detections=dlib.full_object_detections,
    )


def _shrunk(image, edge):
    """`image` with at most `edge` pixels on the longer edge, and what it was divided by."""
    scale = max(1.0, max(image.size) / edge)
    if scale == 1.0:
        return image, scale
    size = (max(1, round(image.width / scale)), max(1, round(image.height / scale)))
    return image.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0), scale


def _marked_lately(models, pixels):
    """As `_mark`. A crop is looked at when it is proposed, and again when it is taken as it is; a
    picture that was kept lately is compared.
    """
    key = _digest(pixels)
    if key not in _latest:
        _latest[key] = _mark(models, pixels)
        while len(_latest) > _MOST_LATEST:
            del _latest[next(iter(_latest))]
    return _latest[key]


def _digest(pixels):
    found = hashlib.sha256(repr(pixels.shape).encode())
    found.update(np.ascontiguousarray(pixels))
    return found.digest()


def _mark(models, pixels):
    # Dark skin in weak light shows little contrast: what isn't found is searched in lighter tones.
    return _mark_toned(models, pixels) or _mark_toned(models, _lighter()[pixels])


def _mark_toned(models, pixels):
    boxes, _, _ = models.find.run(pixels, 0, CONFIDENCE)
    return [models.mark(pixels, box) for box in boxes]


def _describe(models, image):
    """A descriptor of 128 numbers for each face; none unless there is exactly one to describe."""
    small, _ = _shrunk(image, DETECTION_EDGE)
    pixels = np.asarray(small)
    marked = _marked_lately(models, pixels)
    if len(marked) != 1:
        return marked
    faces = models.full_object_detections(marked)
    return [np.array(vector) for vector in models.describe.compute_face_descriptor(pixels, faces)]


def _distance(one, other):
    return float(np.linalg.norm(one - other))


def _face(detection, scale):
    points = [(point.x * scale, point.y * scale) for point in detection.parts()]
    # dlib's order: the eye on the right of the picture (outer, inner), the one on the left
    # (outer, inner), then the base of the nose.
    right = _middle(points[0], points[1])
    left = _middle(points[2], points[3])
    box = detection.rect
    return Face(
        box=tuple(scale * edge for edge in (box.left(), box.top(), box.right(), box.bottom())),
        left=left,
        right=right,
        nose=points[4],
    )


def _middle(first, second):
    return ((first[0] + second[0]) / 2, (first[1] + second[1]) / 2)
