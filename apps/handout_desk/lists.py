"""Reads the lists of the hand-out desk."""

from django.db.models import Count, Q

from apps.common import names
from apps.handout.enums import AT_THE_UNIT, BoxCardStatus
from apps.handout.models import Box, BoxCard
from apps.people.models import User

SHOWN = 200
_RELATED = ("card", "holder__user", "department", "day", "proxy__holder")


def boxes():
    """The latest boxes, each with how many of its cards are where."""

    def of(*statuses):
        return Count("cards", filter=Q(cards__status__in=statuses))

    return Box.objects.annotate(
        listed=Count("cards") - of(BoxCardStatus.SURPLUS),
        missing=of(BoxCardStatus.MISSING),
        surplus=of(BoxCardStatus.SURPLUS),
        waiting=of(*AT_THE_UNIT),
        handed_out=of(BoxCardStatus.HANDED_OUT),
    ).order_by("-sent_date", "-pk")[:SHOWN]


def waiting(department=None):
    """The cards that can be had, by department and name; of `department` where it is given."""
    rows = BoxCard.objects.at_the_unit().select_related(*_RELATED)
    if department is not None:
        rows = rows.filter(department=department)
    return rows.order_by("department__name", "holder__name", "pk")


def handed_out(department=None):
    """The cards that were handed out, the latest first."""
    rows = BoxCard.objects.filter(status=BoxCardStatus.HANDED_OUT).select_related(*_RELATED)
    if department is not None:
        rows = rows.filter(department=department)
    return rows.order_by("-status_since", "-pk")


def found_by(text):
    """The cards that can be had of the person with the employee number or the name `text`."""
    rows = BoxCard.objects.at_the_unit().select_related(*_RELATED)
    number = User.normalize_username(text)
    person = Q(holder__user__employee_number=number)
    child = Q(holder__user=None, card_request__applicant__employee_number=number)
    named = Q(holder__name_key__in=names.spellings(text))
    return list(rows.filter(person | child | named).order_by("pk")[:20])
