"""Finds people by a number of their own, through its blind index: only the whole number finds."""

import re

from apps.encryption.fields import blind_indexes
from apps.typed_text import id_numbers, phones

ID_NUMBER = "社会保障号码"
PHONE = "手机号"
_ID_NUMBER = re.compile(r"[0-9A-Z]{7,18}")


def by_own_number(people, text):
    """{`ID_NUMBER` or `PHONE`: those of `people` whose it is}, for each that `text` can be.

    `people` is a queryset. At the desk such a search is recorded as a look at whom it finds.
    """
    number, phone, found = id_numbers.normalise(text), phones.normalise(text), {}
    if _ID_NUMBER.fullmatch(number):
        found[ID_NUMBER] = people.filter(id_number_index__in=blind_indexes(number))
    if phones.is_mobile(phone):
        found[PHONE] = people.filter(phone_index__in=blind_indexes(phone))
    return found
