"""Changes of the phrasebook. Each change is recorded with the text before."""

from django.db import IntegrityError, transaction
from django.db.models import Max

from apps.common.refusals import Refused
from apps.desk import event_kinds
from apps.desk import services as desk
from apps.desk.event_kinds import PhraseAction
from apps.events.enums import Role
from apps.events.models import Event
from apps.phrasebook.models import Phrase

ADDED = "added"
EDITED = "edited"
DEACTIVATED = "deactivated"
REACTIVATED = "reactivated"
MOVED = "moved"


class Duplicate(Refused):
    """The topic has the same sentence already."""

    def __init__(self):
        super().__init__(Phrase._meta.constraints[0].violation_error_message, code="duplicate")


@transaction.atomic
def add(*, topic, text, by, at):
    """A new phrase at the end of its topic. Raises `Duplicate`."""
    last = Phrase.objects.filter(topic=topic).aggregate(last=Max("position"))["last"] or 0
    try:
        with transaction.atomic():
            phrase = Phrase.objects.create(topic=topic, text=text, position=last + 1)
    except IntegrityError as error:
        raise Duplicate from error
    _record(phrase, ADDED, by=by, at=at, to=text)
    return phrase


@transaction.atomic
def edit(*, phrase, text, was, by, at):
    """Change the text of `phrase`, which `was` the one given. The same text again is no change.

    Raises `Duplicate`, and `Refused` when somebody has just changed it.
    """
    row = Phrase.objects.select_for_update().get(pk=phrase.pk)
    if row.text == text:
        return
    if row.text != was:
        raise Refused(
            "刚刚有人改了这一句，请再保存一次。", code="changed", first=saved_last(phrase=row)
        )
    try:
        with transaction.atomic():
            Phrase.objects.filter(pk=row.pk).update(text=text)
    except IntegrityError as error:
        raise Duplicate from error
    _record(row, EDITED, by=by, at=at, old=row.text, to=text)


def saved_last(*, phrase):
    """(user, moment) of the last change of the text of `phrase`; None if there was none."""
    events_of_it = Event.objects.about(event_kinds.PHRASE, phrase).select_related("by__holder")
    event = events_of_it.filter(facts__change__in=[ADDED, EDITED]).order_by("pk").last()
    return event and (event.by, event.at)


@transaction.atomic
def deactivate(*, phrase, by, at):
    """Stop offering `phrase`. It stays in the book."""
    _switch(phrase, DEACTIVATED, is_active=False, by=by, at=at)


@transaction.atomic
def reactivate(*, phrase, by, at):
    """Offer `phrase` again."""
    _switch(phrase, REACTIVATED, is_active=True, by=by, at=at)


@transaction.atomic
def move_up(*, phrase, by, at):
    """Exchange `phrase` with the one before it in its topic; the first one stays."""
    _shift(phrase, -1, by=by, at=at)


@transaction.atomic
def move_down(*, phrase, by, at):
    """Exchange `phrase` with the one after it in its topic; the last one stays."""
    _shift(phrase, 1, by=by, at=at)


def _switch(phrase, change, *, is_active, by, at):
    # A second click changes nothing.
    changed = Phrase.objects.filter(pk=phrase.pk, is_active=not is_active)
    if changed.update(is_active=is_active):
        _record(phrase, change, by=by, at=at)


def _shift(phrase, step, *, by, at):
    of_topic = Phrase.objects.filter(topic=phrase.topic).order_by("position", "pk")
    rows = list(of_topic.select_for_update())
    place = next(number for number, row in enumerate(rows) if row.pk == phrase.pk)
    other = place + step
    if not 0 <= other < len(rows):
        return
    rows[place], rows[other] = rows[other], rows[place]
    for number, row in enumerate(rows, start=1):
        row.position = number
    Phrase.objects.bulk_update(rows, ["position"])
    _record(phrase, MOVED, by=by, at=at, to=other + 1)


def _record(phrase, change, *, by, at, **facts):
    desk.record(
        kind=event_kinds.PHRASE,
        action=PhraseAction.CHANGE,
        by=by,
        role=Role.REVIEWER,
        at=at,
        row=phrase,
        facts={"change": change, "topic": phrase.topic, "text": phrase.text} | facts,
    )
