"""Remembers which pictures were handed in for whom, as keyed digests (`PictureMark`)."""

from django.db import transaction

from apps.encryption.fields import file_marks
from apps.requests.models import PictureMark


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


def hand_in(*, card_request, at):
    """Remember the picture of `card_request`, which is handed in just now."""
    PictureMark.objects.filter(card_request=card_request, handed_in_at=None).update(handed_in_at=at)


def forget_draft(*, card_request):
    """Forget the picture that was chosen for `card_request` and never handed in."""
    PictureMark.objects.filter(card_request=card_request, handed_in_at=None).delete()
