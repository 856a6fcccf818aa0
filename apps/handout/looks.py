"""Whose names stood in the lists that the hand-out desk or a contact person opened.

A list is recorded once, about its department. Who stood in it is read from the lives of the cards
up to that moment, and for the contact's page from who belongs to the department.
"""

from django.db.models import OuterRef, Q, Subquery

from apps.common.moments import day_of, start_of
from apps.events.enums import Channel
from apps.events.models import Event
from apps.handout.enums import AT_THE_UNIT, DepartmentAction
from apps.handout.event_kinds import DEPARTMENT
from apps.handout.lifecycle import BOX_CARD
from apps.handout.models import BoxCard, Department
from apps.people.models import Holder

SHOWN = "姓名、工号、待领的社保卡后 4 位"
# What the contact person opens shows everybody of the department; the list to sign does not.
_OF_EVERYBODY = (DepartmentAction.LOOK, DepartmentAction.PRINT_PROGRESS)


def looks():
    """The events of lists with names."""
    return Event.objects.looks().of_kind(DEPARTMENT)


def holders_in(event):
    """The keys of the people in the list that `event`, one of `looks`, records."""
    cards = BoxCard.objects.exclude(holder=None)
    if event.subject_id is not None:
        cards = cards.filter(_was_of(event.subject_id, at=event.at))
    lives = Event.objects.filter(subject_kind=BOX_CARD.name, subject_id=OuterRef("pk"))
    last = lives.filter(at__lte=event.at).order_by("-pk").values("to_status")[:1]
    at_the_unit = cards.annotate(then=Subquery(last)).filter(then__in=AT_THE_UNIT)
    found = set(at_the_unit.values_list("holder", flat=True))
    if event.channel == Channel.WEB and event.action in _OF_EVERYBODY:
        names = Department.objects.filter(pk=event.subject_id).values("name")
        still_there = Q(left_date=None) | Q(left_date__gt=day_of(event.at))
        people = Holder.objects.filter(still_there, department__in=names)
        found.update(people.values_list("pk", flat=True))
    return found


def _was_of(department, *, at):
    """The condition for cards that were of the `department` (its key) at the moment `at`."""
    left_first: dict[str, int | None] = {}
    for event in _leaving().filter(at__gt=at).order_by("pk"):
        left_first.setdefault(event.facts["card"], event.subject_id)
    were = [card for card, left in left_first.items() if left == department]
    is_now = Q(department=department) & ~Q(reference__in=list(left_first))
    return is_now | Q(reference__in=were)


def _leaving():
    """The events of cards that left a department, because their holders did."""
    return Event.objects.of_kind(DEPARTMENT).filter(action=DepartmentAction.CARD_LEAVES)


def looks_at(holder, *, limit):
    """The events of lists in which `holder` stood, the newest first.

    Of one reader only the last one of a day, so that a contact person who opens the page often does
    not hide the other looks.
    """
    of_department = Q(channel=Channel.WEB, action__in=_OF_EVERYBODY)
    of_department &= Q(
        subject_id__in=Department.objects.filter(name=holder.department).values("pk")
    )
    if holder.left_date:
        of_department &= Q(at__lt=start_of(holder.left_date))
    shown = of_department if holder.department else Q(pk__in=())
    for card in BoxCard.objects.filter(holder=holder):
        for begin, end in _periods(card):
            during = Q(at__gte=begin) if end is None else Q(at__gte=begin, at__lt=end)
            shown |= during & (_in_the_lists_of(card) | Q(subject_id=None))
    found: dict[tuple, Event] = {}
    for event in looks().filter(shown).select_related("by__holder").order_by("-pk").iterator():
        found.setdefault((event.by_id, event.action, day_of(event.at)), event)
        if limit is not None and len(found) == limit:
            break
    return list(found.values())


def _in_the_lists_of(card):
    """The condition for looks at the lists in which the `BoxCard` stood when it lay at the unit."""
    found, since = Q(), Q()
    left = _leaving().filter(facts__card=card.reference)
    for event in left.order_by("pk"):
        found |= since & Q(subject_id=event.subject_id, at__lt=event.at)
        since = Q(at__gte=event.at)
    return found | (since & Q(subject_id=card.department_id))


def _periods(card):
    """[(from, to)] in which the `BoxCard` lay at the unit; the last one may have no end."""
    found, begin = [], None
    for event in card.events.order_by("pk"):
        is_there = event.to_status in AT_THE_UNIT
        if is_there and begin is None:
            begin = event.at
        elif not is_there and begin is not None:
            found.append((begin, event.at))
            begin = None
    return [*found, (begin, None)] if begin else found
