"""The port to the service that says whether a picture shows a person.

An adapter is a class without arguments, named by settings.FACE_PROVIDER, with `is_available`,
`needs_reference`, `proves_liveness` (that a living person is before the camera, not a picture) and
`compare` as below. One for a unit's certification service asks that service with the holder's name
and ID number, and needs no reference picture.
"""

from django.conf import settings
from django.utils.module_loading import import_string

from apps.verification import faces


class LocalFaces:
    """Compares with a picture on file, on this machine. It cannot tell a person from a photo."""

    needs_reference = True
    proves_liveness = False

    def is_available(self):
        return faces.is_available()

    def compare(self, *, holder, picture, reference, held):
        """The `Comparison` of `picture` with `reference`. May take seconds: never in a transaction.

        `held` are the other pictures of the person that the portal has; all are RGB images.
        """
        return faces.compare(picture, reference, held)


def get():
    return import_string(settings.FACE_PROVIDER)()
