"""Puts another photo of a person on file, and offers people a picture as their portrait."""

from contextlib import suppress

from django.core.files.base import ContentFile
from django.db import transaction
from PIL import Image

from apps.cards.permissions import role_of
from apps.common import stored_files
from apps.events import services as events
from apps.events.enums import Channel, Role
from apps.people import services as people
from apps.people.event_kinds import HolderAction
from apps.people.models import Holder
from apps.requests import picture_marks
from apps.requests.models import DiscardedFile
from apps.requests.same_picture import trace_of
from apps.staff_photos.event_kinds import OFFERED_PORTRAIT, OfferAction
from apps.staff_photos.models import OfferedPortrait, offered_path


def replace_photo(*, holder, jpeg, by, at):
    """Store `jpeg`, bytes, as the photo of `holder` that faces are compared with.

    How the one of before looked is remembered (`picture_marks.note_traces`), and it is deleted.
    Returns whether anything changed.
    """
    traces = _traces(holder.reference_photo)
    is_new = set_reference_photo(holder=holder, jpeg=jpeg, by=by, at=at)
    if is_new and traces:
        picture_marks.note_traces(holder=holder, traces=traces, at=at)
    return is_new


def set_reference_photo(*, holder, jpeg, by, at):
    """Store the photo of the roster that faces are compared with; `jpeg` as bytes.

    The photo of before is deleted, also one that cannot be read any more. Returns whether anything
    changed. Raises `NotStored`.
    """
    old = holder.reference_photo.name
    if old:
        with suppress(OSError), holder.reference_photo.open("rb") as file:
            if file.read() == jpeg:
                return False
    try:
        holder.reference_photo.save(f"{holder.reference}.jpg", ContentFile(jpeg), save=False)
    except OSError as error:
        raise stored_files.not_stored() from error
    with transaction.atomic():
        holder.save(update_fields=["reference_photo"])
        facts = {"fields": ["reference_photo"]}
        people.record_change(action=HolderAction.CHANGE, holder=holder, by=by, at=at, facts=facts)
    if old:
        holder.reference_photo.storage.delete(old)
    return True


def offer_portrait(*, holder, jpeg, by, at):
    """Offer `holder` the picture `jpeg`, bytes, as the portrait of an application.

    It takes the place of what was offered before. Returns whether anything changed. Raises
    `NotStored`.
    """
    if _content(OfferedPortrait.objects.newest_of(holder)) == jpeg:
        return False
    names = stored_files.store([(offered_path(None, ""), jpeg)])
    try:
        with transaction.atomic():
            # Locked: of two imports at the same time the second one replaces the first.
            Holder.objects.select_for_update(no_key=True).get(pk=holder.pk)
            withdraw_offers(holders=[holder], at=at)
            offer = OfferedPortrait.objects.create(
                holder=holder, picture=names[0], offered_at=at, offered_by=by
            )
            _record(offer, OfferAction.OFFER, by=by, role=Role.STAFF, at=at, channel=Channel.ADMIN)
    except BaseException:
        stored_files.discard(names)
        raise
    return True


def note_taken(*, offer, card_request, by, at):
    """Record that `by` takes `offer` for `card_request`. Raises `NotYours`."""
    role = role_of(by, offer.holder, at=at)
    facts = {"request": card_request.reference}
    _record(offer, OfferAction.TAKE, by=by, role=role, at=at, channel=Channel.WEB, facts=facts)


@transaction.atomic
def decline(*, offer, by, at):
    """Delete `offer`, because its person or a guardian does not want it. Raises `NotYours`."""
    role = role_of(by, offer.holder, at=at)
    if _delete(OfferedPortrait.objects.filter(pk=offer.pk), at=at):
        _record(offer, OfferAction.DECLINE, by=by, role=role, at=at, channel=Channel.WEB)


@transaction.atomic
def withdraw_offers(*, holders, at):
    """Delete the pictures offered to `holders`. Returns how many."""
    return _delete(OfferedPortrait.objects.filter(holder__in=holders), at=at)


@transaction.atomic
def forget_offers(*, before, at, limit):
    """Delete up to `limit` offers that are no longer needed: see `no_longer_needed`."""
    due = OfferedPortrait.objects.no_longer_needed(before).order_by("pk")
    oldest = list(due.values_list("pk", flat=True)[:limit])
    return _delete(OfferedPortrait.objects.filter(pk__in=oldest), at=at)


def _delete(offers, *, at):
    """Delete the rows now and their files soon. How they looked is remembered (0135)."""
    found = list(offers.select_related("holder"))
    for offer in found:
        picture_marks.note_traces(holder=offer.holder, traces=_traces(offer.picture), at=at)
    DiscardedFile.objects.bulk_create(
        DiscardedFile(name=offer.picture.name, discarded_at=at, next_try_at=at) for offer in found
    )
    OfferedPortrait.objects.filter(pk__in=[offer.pk for offer in found]).delete()
    return len(found)


def _record(offer, action, *, by, role, at, channel, facts=None):
    events.record(
        kind=OFFERED_PORTRAIT,
        action=action,
        by=by,
        role=role,
        at=at,
        channel=channel,
        subject_id=offer.pk,
        reference=offer.holder.reference,
        holder_id=offer.holder_id,
        facts=facts,
    )


def _content(offer):
    """The bytes of the picture of `offer`; None where there is none that can be read."""
    if offer is not None:
        with suppress(OSError), offer.picture.open("rb") as file:
            return file.read()
    return None


def _traces(photo):
    """That of `photo`, if there is one that can be read."""
    if photo:
        with suppress(OSError), photo.open("rb") as file:
            return [trace_of(Image.open(file).convert("RGB"))]
    return []
