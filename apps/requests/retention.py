"""Deletes what the agreements promise to delete: portraits, particulars and abandoned drafts.

Every function handles a limited number of due rows, oldest first, is idempotent, and may be killed
at any moment. The events stay: they say who did what and when, and hold nothing that was filled in.
"""

import logging

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction

from apps.cards.enums import REQUEST_FINAL
from apps.cards.models import CardRequest
from apps.common.moments import began_before
from apps.requests import picture_marks, registry
from apps.requests.declaration import FieldStep
from apps.requests.models import Amendment, DiscardedFile, Particulars, PictureMark, PictureTrace

logger = logging.getLogger(__name__)

NO_PICTURES: dict[str, object] = {
    "portrait_source": "",
    "portrait": "",
    "portrait_crop": {},
    "portrait_findings": [],
    "is_portrait_close": False,
    "source_offered_at": None,
    "portrait_offered_at": None,
}


def nothing_typed():
    """Column → empty value, of what was typed or may be typed over."""
    return registry.emptied(step=FieldStep.FORM) | {"extra": "", "typed": "", "edited": {}}


def forget_portraits(*, at, limit):
    """Take the pictures off the requests that ended settings.PORTRAIT_RETENTION ago, or earlier.

    Pictures that an amendment replaced are deleted too, and also the portrait of a card in use:
    after that a face is compared with the photo of the roster, or not at all. Returns the number
    of rows.
    """
    ended = CardRequest.objects.ended_before(began_before(at, settings.PORTRAIT_RETENTION))
    due = Particulars.objects.with_pictures().filter(card_request__in=ended)
    return _empty_each(due, NO_PICTURES, at=at, limit=limit)


def pictures_of(holders):
    """The particulars with pictures of the requests of `holders` that have ended."""
    ended = CardRequest.objects.filter(status__in=REQUEST_FINAL, holder__in=holders)
    return Particulars.objects.with_pictures().filter(card_request__in=ended)


def erase_pictures(*, holders, at):
    """Take the pictures off all ended requests of `holders`, who want it. Returns how many."""
    return _empty_each(pictures_of(holders), NO_PICTURES, at=at, limit=None)


def forget_drafts(*, at, limit):
    """Empty the drafts that nobody saved for settings.DRAFT_RETENTION. Returns how many.

    The draft itself stays and can be continued. It keeps what the roster says about the person,
    and who acts for a child. Its `saved_at` is empty from then on.
    """
    due = Particulars.objects.abandoned(began_before(at, settings.DRAFT_RETENTION))
    return _empty_each(due, _empty_form(), at=at, limit=limit)


def empty_draft(*, card_request, at):
    """Empty the draft `card_request`, which its owner has given up just now."""
    row = Particulars.objects.filter(card_request=card_request)
    _empty(row.values_list("pk", flat=True).get(), row, _empty_form(), at=at)


def _empty_form():
    moments = dict.fromkeys(("portrait_saved_at", "saved_at", "saved_by"))
    return NO_PICTURES | nothing_typed() | moments


def forget_particulars(*, at, limit):
    """Empty the particulars of requests that ended settings.DATA_RETENTION ago. Returns how many.

    The values that their amendments kept are emptied too. A request that still has pictures waits
    for `forget_portraits`.
    """
    ended = CardRequest.objects.ended_before(began_before(at, settings.DATA_RETENTION))
    due = Particulars.objects.filter(
        card_request__in=ended, forgotten_at=None, portrait="", portrait_source=""
    )
    # Not locked: a request that has ended never moves again.
    requests = list(due.order_by("pk").values_list("card_request", flat=True)[:limit])
    nothing = NO_PICTURES | nothing_typed() | registry.emptied(step=FieldStep.ROSTER)
    with transaction.atomic():
        Amendment.objects.filter(card_request__in=requests).update(before="")
        return Particulars.objects.filter(card_request__in=requests, forgotten_at=None).update(
            **nothing, forgotten_at=at
        )


def forget_picture_marks(*, at, limit):
    """Forget the pictures handed in settings.PICTURE_MARK_RETENTION ago. Returns how many."""
    over = PictureMark.objects.filter(
        handed_in_at__lt=began_before(at, settings.PICTURE_MARK_RETENTION)
    )
    due = list(over.order_by("handed_in_at").values_list("pk", flat=True)[:limit])
    return PictureMark.objects.filter(pk__in=due).delete()[0]


def forget_picture_traces(*, at, limit):
    """Forget how pictures looked settings.PICTURE_MARK_RETENTION ago. Returns how many.

    Those that serve nothing any more go at once (个人信息保护法第四十七条): of people whose account
    was closed, and all of them where no faces are compared.
    """
    due = list(
        PictureTrace.objects.over(at).order_by("noted_at").values_list("pk", flat=True)[:limit]
    )
    return PictureTrace.objects.filter(pk__in=due).delete()[0]


def delete_discarded_files(*, at, limit):
    """Delete the files that no row names any more. Returns how many.

    If a file cannot be deleted, the others are, and this one is tried again later.
    """
    deleted = 0
    for file in DiscardedFile.objects.due(at)[:limit]:
        try:
            default_storage.delete(file.name)  # no error for a file that does not exist
        except Exception as error:
            logger.error("%s not deleted: %s", file, type(error).__name__)
            DiscardedFile.objects.filter(pk=file.pk).update(
                next_try_at=at + settings.FILE_RETRY_AFTER
            )
        else:
            file.delete()
            deleted += 1
    return deleted


def _empty_each(due, values, *, at, limit):
    emptied = 0
    for pk in list(due.order_by("pk").values_list("pk", flat=True)[:limit]):
        try:
            emptied += _empty(pk, due, values, at=at)
        except DatabaseError as error:
            logger.error("particulars #%s not emptied: %s", pk, type(error).__name__)
    return emptied


@transaction.atomic
def _empty(pk, due, values, *, at):
    """Write `values` over the row `pk` and discard its files, if it is still among `due`."""
    # Locked first and judged after: somebody may be saving or submitting it at this moment.
    Particulars.objects.select_for_update().get(pk=pk)
    row = due.filter(pk=pk).first()
    if row is None:
        return False
    replaced = Amendment.objects.filter(card_request=row.card_request_id).exclude(
        portrait_before=""
    )
    # A portrait that was asked for anew and never replaced stands in both rows.
    names = [file.name for file in (row.portrait_source, row.portrait) if file]
    names += replaced.order_by("pk").values_list("portrait_before", flat=True)
    DiscardedFile.objects.bulk_create(
        DiscardedFile(name=name, discarded_at=at, next_try_at=at) for name in dict.fromkeys(names)
    )
    Particulars.objects.filter(pk=pk).update(**values)
    picture_marks.forget_draft(card_request=row.card_request_id)
    replaced.update(portrait_before="")
    return True
