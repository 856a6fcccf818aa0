"""A search at the desk. One by a person's own number is recorded as a look at that person."""

from django.db import transaction

from apps.case_search.search import MOST, meanings, search
from apps.desk import event_kinds
from apps.desk import services as desk
from apps.desk.event_kinds import DeskHolderAction
from apps.people.models import Holder

REASON = "查找申请"


@transaction.atomic
def find(*, term, by, at):
    """`search` for `by`: (pks, whether there are more).

    A search by phone, ID number or card number is recorded before its result is shown: once for
    each person it found, or once without a person where nothing was found.
    """
    pks, has_more = search(term)
    tried = set()
    for meaning in meanings(term):
        if not meaning.personal:
            continue
        what = f"按{meaning.personal}查找"
        found = Holder.objects.filter(pk__in=meaning.requests.submitted().values("holder"))
        for holder in found.order_by("pk")[:MOST]:
            if (what, holder.pk) not in tried:
                tried.add((what, holder.pk))
                _record(what, by=by, at=at, row=holder, holder_id=holder.pk)
        tried.add((what, None))
    if not pks and tried:
        kinds = "、".join(sorted({what for what, _ in tried}))
        _record(f"{kinds}，没有找到", by=by, at=at)
    return pks, has_more


def _record(what, **details):
    desk.record(
        kind=event_kinds.HOLDER,
        action=DeskHolderAction.LOOK,
        reason=REASON,
        facts={"what": what},
        **details,
    )
