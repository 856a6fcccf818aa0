"""The port to the service that says whether a picture shows a person.

An adapter is a class without arguments, named by settings.FACE_PROVIDER, with `is_available`,
`needs_reference` and `compare` as below. One for a unit's certification service asks that service
with the holder's name and ID number, and needs no reference picture.
"""

from django.conf import settings
from django.utils.module_loading import import_string

from apps.verification import faces


class LocalFaces:
    """Compares with a picture on file, on this machine. It cannot tell a person from a photo."""

    needs_reference = True

    def is_available(self):
        return faces.is_available()

    def compare(self, *, holder, picture, reference):
        """The `Comparison` of two RGB images. May take seconds: never in a transaction."""
        return faces.compare(picture, reference)


def get():
    return import_string(settings.FACE_PROVIDER)()
