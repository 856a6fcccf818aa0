"""Remembers which pictures were handed in for whom, as keyed digests (`PictureMark`), and how the
pictures of a person looked, so that none of them passes as one taken now (`PictureTrace`).
"""

from django.conf import settings
from django.db import transaction

from apps.encryption.fields import file_marks
from apps.requests.models import PictureMark, PictureTrace

# The traces that are kept of one person; of more, the oldest are deleted.
MOST_TRACES = 24


@transaction.atomic
def note(*, card_request, picture, at):
    """Note that the portrait of `card_request` is made from `picture`, the bytes of a file.

    One mark for each key that is in use, so that a change of keys forgets nothing.
    """
    own = PictureMark.objects.filter(card_request=card_request)
    own.filter(handed_in_at=None).delete()
    own.current().update(replaced_at=at)
    for mark in file_marks(picture):
        PictureMark.objects.update_or_create(
            card_request=card_request,
            mark=mark,
            defaults={"holder_id": card_request.holder_id, "replaced_at": None},
        )


def note_traces(*, holder, traces, at, card_request=None):
    """Remember the pictures with the `traces`, which the portal holds of `holder` or shows.

    Nothing is kept where no faces are compared, and of children without an account, who never show
    their face.
    """
    if not settings.FACES_ENABLED or holder.user_id is None:
        return
    PictureTrace.objects.bulk_create(
        PictureTrace(holder=holder, card_request=card_request, trace=trace, noted_at=at)
        for trace in traces
    )
    kept = PictureTrace.objects.newest_of(holder, limit=MOST_TRACES).values_list("pk", flat=True)
    PictureTrace.objects.filter(holder=holder).exclude(pk__in=list(kept)).delete()


def hand_in(*, card_request, at):
    """Remember the picture of `card_request`, which is handed in just now."""
    PictureMark.objects.filter(card_request=card_request, handed_in_at=None).update(handed_in_at=at)


def forget_draft(*, card_request):
    """Forget the picture that was chosen for `card_request` and never handed in."""
    PictureMark.objects.filter(card_request=card_request, handed_in_at=None).delete()
    if not PictureMark.objects.filter(card_request=card_request).exists():
        PictureTrace.objects.filter(card_request=card_request).delete()
