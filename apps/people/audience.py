"""Who is told what happens to a person: the person, or every guardian of a child."""

from collections import defaultdict

from apps.common.moments import day_of
from apps.people.models import Guardianship, Holder


def accounts_of(holder_ids, *, at):
    """{holder pk: [user pk, …]} of those who hear what happens to these people at the moment `at`.

    The person's own account from the 16th birthday on, before it the accounts of all confirmed
    guardians. A person may have nobody. Two queries.
    """
    found: defaultdict[int, list[int]] = defaultdict(list)
    for holder in Holder.objects.filter(pk__in=holder_ids).only("user_id", "birth_date"):
        if holder.user_id is not None and holder.own_from_date <= day_of(at):
            found[holder.pk].append(holder.user_id)
    guardianships = Guardianship.objects.active(at=at).filter(
        ward__in=holder_ids, guardian__user__isnull=False
    )
    for ward, user in guardianships.order_by("pk").values_list("ward", "guardian__user"):
        found[ward].append(user)
    return dict(found)
