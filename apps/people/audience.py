"""Who is told what happens to a person: the person, or every guardian of a child."""

from collections import defaultdict
from datetime import date

from django.conf import settings

from apps.common.moments import day_of
from apps.people.models import Guardianship, Holder
from apps.people.models.birthdays import years_before
from apps.queries.arrays import among


def accounts_of(holder_ids, *, at):
    """{holder pk: [user pk, …]} of those who hear what happens to these people at the moment `at`.

    The person's own account from the 16th birthday on, before it the accounts of all confirmed
    guardians. A person may have nobody. Two queries.
    """
    found: defaultdict[int, list[int]] = defaultdict(list)
    children, known = set(), [pk for pk in holder_ids if pk is not None]
    last = years_before(day_of(at), settings.GUARDIAN_UNTIL_AGE)  # `Holder.is_of_age`, of columns
    people = Holder.objects.filter(among("pk", known))
    for holder, user, sealed in people.values_list("pk", "user_id", "birth_date"):
        if date.fromisoformat(sealed.text()) > last:
            children.add(holder)
        elif user is not None:
            found[holder].append(user)
    for ward, user in _accounts(Guardianship.objects.active(at=at), children):
        found[ward].append(user)
    return dict(found)


def former_guardians_of(holder_ids, *, at):
    """{holder pk: [user pk, …]}: whom to ask to send the person, who has no account, to HR.

    The guardians whose part ended with the 16th birthday. They hear that something happened, and
    never what (`notices.words.to_former_guardian`). One query.
    """
    found: defaultdict[int, list[int]] = defaultdict(list)
    ended = Guardianship.objects.handed_over(at=at).filter(ward__user=None)
    for ward, user in _accounts(ended, holder_ids):
        found[ward].append(user)
    return dict(found)


def _accounts(guardianships, wards):
    """(ward pk, user pk) of the guardians of `wards` who have an account."""
    known = guardianships.filter(ward__in=wards, guardian__user__isnull=False)
    return known.order_by("pk").values_list("ward", "guardian__user")
