"""Finds the risks of one request, of many, and the requests that have one."""

from functools import reduce
from operator import or_

from django.db.models import BooleanField, Case, Value, When

from apps.cards.models import CardRequest
from apps.delivery.models import Shipment
from apps.inquiries.models import Inquiry
from apps.queries.prepared import PreparedQuery, padded
from apps.risks.rules import RISKS, Facts, same_picture
from apps.verification.models import Check


def of(card_request):
    """The `Risk`s of one request, in the order of `RISKS`."""
    return by_facts(facts_of(card_request))


def by_facts(facts):
    """The `Risk`s of the request whose `Facts` are known, in the order of `RISKS`. No query."""
    return [risk for risk in RISKS.values() if risk.applies(facts)]


def facts_of(card_request):
    """What the rules read of `card_request`, in six queries."""
    row = CardRequest.objects.select_related("particulars__guardian", "holder", "city").get(
        pk=card_request.pk
    )
    return Facts(
        card_request=row,
        shipment=Shipment.objects.filter(card_request=row).select_related("city").first(),
        checks=list(Check.objects.filter(card_request=row)),
        actions=set(row.events.values_list("action", flat=True)),
        is_asked=Inquiry.objects.of(row).open().exists(),
        is_picture_of_others=same_picture(row.pk).exists(),
    )


def for_requests(requests):
    """Request pk → its list of `Risk`s, empty for one without any.

    `requests` is a queryset of CardRequest or a list of them. One query, whatever their number.
    """
    pks = [card_request.pk for card_request in requests]
    found = asks_for_requests(pks).read() if len(pks) <= PAGE else _with_risks(pk__in=pks)
    risks = RISKS.values()
    return {
        pk: [risk for risk, has_it in zip(risks, marks, strict=True) if has_it]
        for pk, *marks in found
    }


def asks_for_requests(pks):
    """What `for_requests` asks for of a page of requests, to be read together with others."""
    return _RISKS_OF.asks(pks=padded(pks, PAGE))


def _with_risks(*conditions, **more):
    """(key, one yes or no for each of `RISKS`) of the requests with these conditions."""
    risks = {code: _yes(risk.condition()) for code, risk in RISKS.items()}
    found = CardRequest.objects.annotate(**risks).filter(*conditions, **more)
    return found.values_list("pk", *risks)


# A page of a list: the rules are put together once, which takes longer than to ask.
PAGE = 25
_RISKS_OF = PreparedQuery(lambda pks: _with_risks(pks.holds("pk")), pks=CardRequest)


def with_one_of(requests, codes):
    """Those of `requests` that have at least one of the risks `codes`."""
    return requests.filter(_yes(_any(codes)))


def without(requests):
    """Those of `requests` that have no risk."""
    return requests.alias(is_risky=_yes(_any(RISKS))).filter(is_risky=False)


def _any(codes):
    return reduce(or_, (RISKS[code].condition() for code in codes))


def _yes(condition):
    """`condition` as true or false, also where the database would say that it does not know."""
    return Case(When(condition, then=Value(True)), default=False, output_field=BooleanField())
