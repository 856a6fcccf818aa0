"""Finds a request by a term that somebody says on the telephone, or that stands on a paper.

A term can have several meanings. Each is a query of its own that uses an index, and the results are
merged: one condition over all of them could not use an index.
"""

import re

from django import forms

from apps.cards.models import CardRequest
from apps.common import id_numbers, names
from apps.common.fields import blind_index
from apps.common.masks import ID_TAIL_LENGTH
from apps.common.prefixes import begins_with_one
from apps.people.models import Holder, User

MOST = 50
_REFERENCE = re.compile(r"[0-9A-Z]{16}")
_EMPLOYEE_NUMBER = re.compile(r"[0-9A-Z._-]{1,20}")
_ID_NUMBER = re.compile(r"[0-9A-Z]{7,18}")
_ID_TAIL = re.compile(rf"[0-9]{{{ID_TAIL_LENGTH - 1}}}[0-9X]")


class SearchForm(forms.Form):
    q = forms.CharField(
        label="查找申请",
        help_text="姓名（从姓开始）、工号、业务受理编号、社会保障号码或其后 4 位。",
        max_length=60,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "size": 32}),
        error_messages={
            "required": "请输入要查找的内容。",
            "max_length": "最多 %(limit_value)d 个字，请只输入一项内容。",
        },
    )


def search(term, *, most=MOST):
    """(pks of at most `most` submitted requests that `term` means, whether there are more)."""
    found = set()
    for requests in _meanings(term):
        pks = requests.submitted().values_list("pk", flat=True)
        found.update(pks.order_by()[: most + 1])
    return sorted(found, reverse=True)[:most], len(found) > most


def _meanings(term):
    """A queryset for each thing that `term` can be."""
    requests = CardRequest.objects.all()
    number = id_numbers.normalise(term)
    if _REFERENCE.fullmatch(number):
        yield requests.filter(reference=number)
    if _EMPLOYEE_NUMBER.fullmatch(User.normalize_username(term)):
        users = User.objects.filter(employee_number=User.normalize_username(term))
        yield requests.filter(applicant__in=users)
        yield requests.filter(holder__in=Holder.objects.filter(user__in=users))
    if _ID_NUMBER.fullmatch(number):
        holders = Holder.objects.filter(id_number_index=blind_index(number))
        yield requests.filter(holder__in=holders)
    if _ID_TAIL.fullmatch(number):
        holders = Holder.objects.filter(id_tail_index=blind_index(number))
        yield requests.filter(holder__in=holders)
    keys = names.spellings(term)
    if keys and not names.key(term).isdecimal():
        people = Holder.objects.filter(begins_with_one("name_key", keys))
        yield requests.filter(begins_with_one("particulars__name_key", keys))
        yield requests.filter(holder__in=people)
        # What the person who is asked for filled in, also for a child.
        yield requests.filter(applicant__in=people.values("user"))
