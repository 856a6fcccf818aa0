"""A search at the desk. One by a person's own number is recorded as a look at that person."""

from django.db import transaction

from apps.case_search.search import MOST, meanings, search
from apps.desk.looking.services import record_search
from apps.people.models import Holder

REASON = "查找申请"


@transaction.atomic
def find(*, term, by, at):
    """`search` for `by`: (pks, whether there are more).

    A search by phone, ID number or card number is recorded before its result is shown: once for
    each person it found, or once without a person where nothing was found.
    """
    pks, has_more = search(term)
    found: dict[str, dict[int, Holder]] = {}
    for meaning in meanings(term):
        if not meaning.personal:
            continue
        holders = Holder.objects.filter(pk__in=meaning.requests.submitted().values("holder"))
        people = found.setdefault(meaning.personal, {})
        people.update((holder.pk, holder) for holder in holders.order_by("pk")[:MOST])
    record_search(
        found={number: people.values() for number, people in found.items()},
        has_result=bool(pks),
        reason=REASON,
        by=by,
        at=at,
    )
    return pks, has_more
