"""Stores the uploaded picture and the portrait made from it.

Decoding, cropping and judging happen outside of any transaction. A file is written before the row
that names it, and deleted if the row is not saved. The file that it replaces is deleted after the
commit. So at no point does a row name a missing file. If a reviewer has asked for another portrait,
the amendment names the old one, which stays until the retention of portraits deletes it.
"""

import logging
from dataclasses import asdict
from functools import partial

from django.db import transaction
from django.db.models import F

from apps.application import making, offered, pages
from apps.application.policies import check_portrait_open
from apps.cards.models import CardRequest
from apps.cards.permissions import role_of
from apps.common import stored_files
from apps.lifecycle.refusals import NotAllowed
from apps.limits.enums import UploadKind
from apps.limits.services import count_upload
from apps.requests import picture_marks
from apps.requests.models import Amendment, Particulars
from apps.requests.models.particulars import portrait_path
from apps.requests.policies import check_own_draft
from apps.staff_photos.services import decline, note_taken
from apps.verification import portrait
from apps.verification.pictures import from_jpeg
from apps.verification.portrait_rules import is_close
from apps.verification.refusals import PortraitRefused

logger = logging.getLogger(__name__)


def keep_upload(*, card_request, upload, by, at, offer=None, read=making.read):
    """Store `upload` (a Django `File`), re-encoded, with a proposed crop.

    `offer` is the `OfferedPortrait` that it is the picture of; `read` gives the `KeptPicture` of an
    upload. The portrait in use stays until another one is chosen. Raises `UploadRefused`,
    `NotYours`, `NotAllowed`, `NotStored`, and `TooManyUploads` before the picture is opened.
    """
    check_portrait_open(card_request=card_request)
    count_upload(kind=UploadKind.PICTURE, by=by, at=at)
    kept = read(upload)
    files = {"portrait_source": kept.jpeg}
    values = {
        "portrait_crop": asdict(kept.crop),
        "source_offered_at": offer and offer.offered_at,
        "saved_at": at,
        "saved_by": by,
    }
    _keep(card_request, files, values, trace=kept.trace, offer=offer, by=by, at=at)


def read_offered(upload):
    """The picture in `upload` (a Django `File`) as it is kept for an offer, a JPEG.

    Raises `UploadRefused`, and `PortraitRefused` with every rule that the proposed crop breaks:
    nobody is offered a picture that could not be taken.
    """
    picture, image = making.upright(upload)
    findings = portrait.check(image, portrait.propose(image))
    broken = [finding.text for finding in findings if finding.is_ok is False]
    if broken:
        raise PortraitRefused("；".join(broken), code="not_usable")
    return picture


def take_offered(*, card_request, shown, by, at, read=making.read, make=making.make):
    """Use the picture that the unit offers, as if it had been uploaded, with the proposed crop.

    `shown` is the hidden field of the page with the picture; `read` and `make` are as in
    `keep_upload` and `use`. Raises `PortraitRefused` when nothing is offered any more or it cannot
    be read, `NotAsShown` when it is another picture by now, else as these two: after `NotUsable` it
    can be cropped as an upload can.
    """
    check_portrait_open(card_request=card_request)
    offer = _offer_on_page(card_request, shown)
    who = {"card_request": card_request, "by": by, "at": at}
    try:
        keep_upload(upload=offer.picture, offer=offer, read=read, **who)
    except OSError as error:
        logger.exception("The picture offered for request %s cannot be read", card_request.pk)
        raise PortraitRefused(
            "单位拍的这张照片打不开了，不是您的问题，请选择一张自己的照片上传。",
            code="offer_unreadable",
        ) from error
    finally:
        offer.picture.close()
    use(**card_request.particulars.portrait_crop, make=make, **who)


def decline_offered(*, card_request, shown, by, at):
    """Delete the picture that the unit offers: it is of somebody else, or not wanted.

    Raises as `take_offered`.
    """
    check_portrait_open(card_request=card_request)
    decline(offer=_offer_on_page(card_request, shown), by=by, at=at)


def _offer_on_page(card_request, shown):
    offer = offered.to_take(card_request)
    if offer is None:
        raise PortraitRefused(
            "单位拍的这张照片已经删除了，请选择一张自己的照片上传。", code="no_offer"
        )
    pages.check_offer(shown, card_request, offer)
    return offer


def use(*, card_request, x, y, width, by, at, shown=None, make=making.make):
    """Make the portrait from the kept picture and put it on the request.

    `shown` is the hidden field of the page with the crop; None if there was no page. `make` gives
    the `MadePortrait` of an image and a crop. Numbers that reach beyond the picture are moved
    inside. Raises `NotAsShown` when another picture was uploaded since, `NotUsable` with the
    findings (the crop is kept, the portrait in use stays), `PortraitRefused`, `NotYours`,
    `NotAllowed`.
    """
    check_portrait_open(card_request=card_request)
    source = card_request.particulars.portrait_source.name
    image, picture = _read_source(card_request)
    if shown is not None:
        pages.check_picture(shown, card_request.particulars)
    crop = portrait.fit(image, x=x, y=y, width=width)
    try:
        made = make(image, crop)
    except making.NotUsable:
        values = {"portrait_crop": asdict(crop), "saved_at": at, "saved_by": by}
        _keep(card_request, {}, values, source=source, by=by, at=at)
        raise
    values = {
        "portrait_crop": asdict(crop),
        "portrait_findings": [asdict(finding) for finding in made.findings],
        "is_portrait_close": is_close(made.findings),
        "portrait_offered_at": F("source_offered_at"),
        "portrait_saved_at": at,
        "saved_at": at,
        "saved_by": by,
    }
    files = {"portrait": made.jpeg}
    kept = {"source": source, "picture": picture, "trace": made.trace}
    _keep(card_request, files, values, **kept, by=by, at=at)


def open_source(particulars):
    """The kept picture. Raises `PortraitRefused` when nothing was uploaded, or its file is gone."""
    image, _ = _source(particulars)
    return image


def _source(particulars):
    """(the kept picture, the bytes of its file). Raises as `open_source`."""
    if not particulars.portrait_source:
        raise PortraitRefused("还没有上传照片，请先选择一张照片。", code="no_source")
    try:
        with particulars.portrait_source.open("rb") as file:
            picture = file.read()
        return from_jpeg(picture), picture
    except OSError as error:
        logger.exception("The picture of request %s cannot be read", particulars.card_request_id)
        raise PortraitRefused(
            "之前上传的照片打不开了，不是您的问题，请重新选择一张照片上传。", code="source_gone"
        ) from error


def is_answer(particulars, amendment):
    """Whether the portrait answers `amendment`: a new one, if a reviewer has asked for one."""
    saved_at = particulars.portrait_saved_at
    is_new = saved_at is not None and saved_at > amendment.asked_at
    return bool(particulars.portrait) and (amendment.is_own or is_new)


def kept_crop(particulars):
    return portrait.Crop(**particulars.portrait_crop)


def _read_source(card_request):
    """(the kept picture, the bytes of its file).

    Raises `NotAsShown` when the file is gone because another picture was uploaded, else as
    `open_source`.
    """
    particulars = card_request.particulars
    try:
        return _source(particulars)
    except PortraitRefused:
        now = Particulars.objects.select_related("saved_by__holder")
        pages.check_same_picture(
            particulars.portrait_source.name, now.get(card_request=card_request)
        )
        raise


def _keep(
    card_request, files, values, *, by, at, source=None, picture=None, trace=None, offer=None
):
    """Write `values` and the `files`; with a `source` only while it is the picture still.

    `picture` are its bytes, once a portrait is made from it; `trace` is that of the picture that
    pages show from now on; `offer` is what the unit offered and is taken.
    """
    role_of(by, card_request.holder, at=at)
    check_own_draft(card_request, at=at)
    names = stored_files.store((portrait_path(None, ""), content) for content in files.values())
    written = dict(zip(files, names, strict=True))
    try:
        with transaction.atomic():
            # Locked, as by a reviewer who recalls the amendment: the second sees the first.
            locked = CardRequest.held(card_request.pk)
            old = (
                Particulars.objects.filter(card_request=card_request).values(*written).get()
                if written
                else {}
            )
            rows = Particulars.objects.filter(
                card_request=card_request, card_request__status=card_request.status
            )
            if source is not None:
                rows = rows.filter(portrait_source=source)
            if not rows.update(**written, **values):
                now = Particulars.objects.select_related("saved_by__holder")
                pages.check_same_picture(source, now.get(card_request=card_request))
                raise NotAllowed(
                    "这件申请刚刚已提交，照片不能再更换。", code="wrong_status", row=card_request
                )
            # It may have been handed in and asked back for something else in the meantime.
            check_portrait_open(card_request=locked)
            if offer is not None:
                note_taken(offer=offer, card_request=card_request, by=by, at=at)
            if picture is not None:
                picture_marks.note(card_request=card_request, picture=picture, at=at)
            traces = [] if trace is None else [trace]
            picture_marks.note_traces(
                holder=card_request.holder, card_request=card_request, traces=traces, at=at
            )
            kept_before = Amendment.objects.filter(
                card_request=card_request, portrait_before__in=old.values()
            ).values_list("portrait_before", flat=True)
            replaced = [name for name in set(old.values()) - set(kept_before) if name]
            transaction.on_commit(partial(stored_files.discard, replaced))
    except BaseException:
        stored_files.discard(names)
        raise
    card_request.particulars.refresh_from_db()
