"""Puts another photo of a person on file."""

from contextlib import suppress

from PIL import Image

from apps.people import services as people
from apps.requests import picture_marks
from apps.requests.same_picture import trace_of


def replace_photo(*, holder, jpeg, by, at):
    """Store `jpeg`, bytes, as the photo of `holder` that faces are compared with.

    How the one of before looked is remembered (`picture_marks.note_traces`), and it is deleted.
    Returns whether anything changed.
    """
    traces = _traces(holder.reference_photo)
    is_new = people.set_reference_photo(holder=holder, jpeg=jpeg, by=by, at=at)
    if is_new and traces:
        picture_marks.note_traces(holder=holder, traces=traces, at=at)
    return is_new


def _traces(photo):
    """That of `photo`, if there is one that can be read."""
    if photo:
        with suppress(OSError), photo.open("rb") as file:
            return [trace_of(Image.open(file).convert("RGB"))]
    return []
