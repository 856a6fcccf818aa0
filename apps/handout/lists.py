"""Reads the lists: where the people of a department stand, and what is left in the boxes."""

from django.db.models import Count, OuterRef, Q, Subquery

from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.handout.enums import AT_THE_UNIT, BoxCardStatus
from apps.handout.models import BoxCard, Department
from apps.people.models import Holder


def people_of(department, *, at):
    """The members of `department` who wait for a card, or had one handed out.

    Each `Holder` has `request_status` and `unit_status` in words ("" for none). Nothing else of
    the request is read: a contact person sees states, and no documents.
    """
    last = CardRequest.objects.submitted().filter(holder=OuterRef("pk")).order_by("-pk")
    in_box = BoxCard.objects.filter(holder=OuterRef("pk")).order_by("-pk")
    in_box = in_box.exclude(status=BoxCardStatus.SURPLUS).with_status_at(at)
    people = (
        Holder.objects.employed()
        .filter(department=department.name)
        .annotate(
            last_status=Subquery(last.values("status")[:1]),
            box_status=Subquery(in_box.values("current_status")[:1]),
        )
        .exclude(last_status=None)
        .select_related("user")
        .order_by("name", "pk")
    )
    return [_in_words(person) for person in people]


def _in_words(person):
    status = person.box_status
    person.unit_status = BoxCardStatus(status).label if status else ""
    person.request_status = RequestStatus(person.last_status).label
    person.is_waiting = status in AT_THE_UNIT
    return person


def remainders():
    """The departments, each with `waiting` and `handed_out`; those with people's cards first."""
    return Department.objects.annotate(
        waiting=Count("cards", filter=Q(cards__status__in=AT_THE_UNIT)),
        handed_out=Count("cards", filter=Q(cards__status=BoxCardStatus.HANDED_OUT)),
    ).order_by("-waiting", "name")
