"""Finds a request by a term that somebody says on the telephone, or that stands on a paper.

A term can have several meanings. Each is a query of its own that uses an index, and the results are
merged: one condition over all of them could not use an index. Numbers that are personal data are
found by their blind index: only the whole number finds anything.
"""

import re
import unicodedata
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from apps.cards.models import Card, CardRequest
from apps.common.masks import ID_TAIL_LENGTH
from apps.encryption.fields import blind_indexes
from apps.payments.models import Payment
from apps.people.models import Holder, User
from apps.queries.prefixes import begins_with_one
from apps.typed_text import id_numbers, names, phones
from apps.typed_text.plain_text import visible

MOST = 50
_REFERENCE = re.compile(r"[0-9A-Z]{16}")
_EMPLOYEE_NUMBER = re.compile(r"[0-9A-Z._-]{1,20}")
_ID_NUMBER = re.compile(r"[0-9A-Z]{7,18}")
_ID_TAIL = re.compile(rf"[0-9]{{{ID_TAIL_LENGTH - 1}}}[0-9X]")
_CARD_NUMBER = re.compile(r"[0-9A-Z]{9}")
_TRACKING_NUMBER = re.compile(r"(?=.*[0-9]).{8,30}", re.ASCII)


@dataclass(frozen=True)
class Meaning:
    """The `requests` that a term finds in one meaning.

    `personal` names the number where it is personal data: a search for that is a look at somebody.
    """

    requests: QuerySet
    personal: str = ""


def search(term, *, most=MOST):
    """(pks of at most `most` submitted requests that `term` means, whether there are more)."""
    found = set()
    for meaning in meanings(term):
        pks = meaning.requests.submitted().values_list("pk", flat=True)
        found.update(pks.order_by()[: most + 1])
    return sorted(found, reverse=True)[:most], len(found) > most


def meanings(term):
    """A `Meaning` for each thing that `term` can be."""
    requests = CardRequest.objects.all()
    number = id_numbers.normalise(term)
    yield from _by_public_number(requests, number)
    yield from _by_parcel(requests, term, number)
    yield from _by_own_number(requests, number, phone=phones.normalise(term))
    employee_number = User.normalize_username(term)
    if _EMPLOYEE_NUMBER.fullmatch(employee_number):
        users = User.objects.filter(employee_number=employee_number)
        yield Meaning(requests.filter(applicant__in=users))
        yield Meaning(requests.filter(holder__in=Holder.objects.filter(user__in=users)))
    keys = names.spellings(term)
    if keys and not names.key(term).isdecimal():
        people = Holder.objects.filter(begins_with_one("name_key", keys))
        yield Meaning(requests.filter(begins_with_one("particulars__name_key", keys)))
        yield Meaning(requests.filter(holder__in=people))
        # What the person who is asked for filled in, also for a child.
        yield Meaning(requests.filter(applicant__in=people.values("user")))


def _by_public_number(requests, number):
    """By a number that says nothing about a person: of the request, or its order."""
    if _REFERENCE.fullmatch(number):
        yield Meaning(requests.filter(reference=number))
        orders = Payment.objects.filter(reference=number)
        yield Meaning(requests.filter(pk__in=orders.values("card_request")))


def _by_parcel(requests, term, number):
    """By the tracking number, which carriers write as they like: X2026-11-29, SF 1234567890."""
    written = unicodedata.normalize("NFKC", visible(term)).strip()
    spellings = {
        one for one in (written, written.upper(), number) if _TRACKING_NUMBER.fullmatch(one)
    }
    if spellings:
        yield Meaning(requests.filter(tracking_number__in=spellings))


def _by_own_number(requests, number, *, phone):
    """By a number that belongs to a person, through its blind index."""
    if _ID_NUMBER.fullmatch(number):
        holders = Holder.objects.filter(id_number_index__in=blind_indexes(number))
        yield Meaning(requests.filter(holder__in=holders), "社会保障号码")
    if _ID_TAIL.fullmatch(number):
        holders = Holder.objects.filter(id_tail_index__in=blind_indexes(number))
        yield Meaning(requests.filter(holder__in=holders))
    if phones.is_mobile(phone):
        indexes = blind_indexes(phone)
        # Only people with an account have a phone of their own; the index knows them.
        holders = Holder.objects.filter(phone_index__in=indexes, user__isnull=False)
        yield Meaning(requests.filter(particulars__phone_index__in=indexes), "手机号")
        yield Meaning(requests.filter(holder__in=holders), "手机号")
        # The guardian's phone finds the request of the child.
        yield Meaning(requests.filter(applicant__in=holders.values("user")), "手机号")
    if _CARD_NUMBER.fullmatch(number):
        cards = Card.objects.filter(card_number_index__in=blind_indexes(number))
        of_card = Q(card__in=cards) | Q(old_card__in=cards)
        yield Meaning(requests.filter(of_card), "社保卡号")
