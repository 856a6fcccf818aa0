"""City and bank as they are proposed, so that most people choose neither."""

from typing import NamedTuple

from django.conf import settings

from apps.application.eligibility import NotEligible, check_destination
from apps.cards.models import CardRequest
from apps.people.models import Holder
from apps.queries.prepared import PreparedQuery
from apps.regions.models import Bank, City

LAST_USED = "上次用的"
OF_INSTITUTION = "按单位所在地"


class ProposedDestination(NamedTuple):
    city: City
    bank: Bank
    source: str
    """Where it comes from, in words: 上次用的."""


def propose(holders, *, at) -> ProposedDestination | None:
    """City and bank for a new draft at the moment `at`; None when nothing known is open.

    First what the first of `holders` with an earlier request chose last (for a child: the child,
    then the guardian), else the institution's own.
    """
    return _last_used(holders, at=at) or _of_institution(at=at)


def _last_used(holders, *, at):
    for holder in holders:
        last = (
            CardRequest.objects.filter(holder=holder)
            .select_related("city__province", "bank")
            .order_by("-pk")
            .first()
        )
        if last is not None and _is_open(last.city, last.bank, at=at):
            return ProposedDestination(last.city, last.bank, LAST_USED)
    return None


def _of_institution(*, at):
    city = City.objects.select_related("province").filter(pk=settings.INSTITUTION_CITY).first()
    bank = Bank.objects.filter(pk=settings.INSTITUTION_BANK).first()
    if city is None or bank is None or not _is_open(city, bank, at=at):
        return None
    return ProposedDestination(city, bank, OF_INSTITUTION)


def _is_open(city, bank, *, at):
    try:
        check_destination(city=city, bank=bank, at=at)
    except NotEligible:
        return False
    return True


def source_of(draft):
    """Where city and bank of `draft` come from, if they are what was proposed; else ""."""
    chosen = (draft.city_id, draft.bank_id)
    if chosen == (settings.INSTITUTION_CITY, settings.INSTITUTION_BANK):
        return OF_INSTITUTION
    earlier = _LAST_BESIDE.first(holder=draft.holder_id, draft=draft.pk)
    return LAST_USED if earlier == chosen else ""


_LAST_BESIDE = PreparedQuery(
    lambda holder, draft: (
        CardRequest.objects.filter(holder=holder)
        .exclude(pk=draft)
        .order_by("-pk")
        .values_list("city", "bank")[:1]
    ),
    holder=Holder,
    draft=CardRequest,
)
