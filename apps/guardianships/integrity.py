"""Of guardianships: they end on the 16th birthday, and a child has two guardians at most."""

from django.db.models import Count, Q

from apps.common.integrity import Invariant
from apps.guardianships.policies import MOST_GUARDIANS
from apps.people.enums import GuardianshipStatus
from apps.people.models import Guardianship, Holder
from apps.people.policies import is_too_near_in_age


def _another_end(at):
    """Its end is the moment from which the child acts alone."""
    confirmed = Guardianship.objects.filter(status=GuardianshipStatus.CONFIRMED)
    for guardianship in confirmed.select_related("ward").iterator():
        if guardianship.ends_at != guardianship.ward.own_from_at:
            yield guardianship


def _too_many_guardians(at):
    confirmed = Q(guardians__status=GuardianshipStatus.CONFIRMED)
    number = Count("guardians", filter=confirmed)
    return Holder.objects.annotate(number=number).filter(number__gt=MOST_GUARDIANS)


def _parent_too_near_in_age(at):
    confirmed = Guardianship.objects.filter(status=GuardianshipStatus.CONFIRMED)
    for guardianship in confirmed.select_related("guardian", "ward").iterator():
        if is_too_near_in_age(guardianship.guardian.birth_date, guardianship.ward.birth_date):
            yield guardianship


INVARIANTS = [
    Invariant("代办都在孩子可以本人办理的那天结束", _another_end),
    Invariant("确认过的父亲或母亲，年纪都够大", _parent_too_near_in_age),
    Invariant("一个孩子最多两位确认过的监护人", _too_many_guardians),
]
