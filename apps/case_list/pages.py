"""Pages of a list without an end: each begins where the last one stopped, and nothing is counted.

The order is that of a moment of the request: since when its promise counts, or when it was
handed in. A cursor says "beyond this moment and this request" and stays good when that request has
left the list meanwhile.
"""

import re
from dataclasses import dataclass
from datetime import UTC

from apps.cards.models import CardRequest
from apps.common import moments
from apps.desk import keyset
from apps.desk.claims.waiting_list import MOST

SIZE = 25
COUNTED = MOST
WAITS = "waits_since"
_CURSOR = re.compile(r"(?P<moment>[0-9T:.-]{19,26}Z)~(?P<reference>[0-9A-Z]{16})")


@dataclass(frozen=True)
class QueuePage:
    """`before` and `after` are the cursors of the pages next to this one, empty at an end."""

    requests: list[CardRequest]
    before: str = ""
    after: str = ""


def page(requests, *, since=WAITS, newest_first=False, after="", before="", size=SIZE, read=None):
    """The page of `requests` beyond the cursor `after`, or the one that ends at `before`.

    They are sorted by the moment `since`, a column or an `alias` with an index. With `read`, which
    makes of a list of keys the requests with what a row shows, only the keys are asked for here:
    what is narrowed in many ways is planned anew each time, and with many joins that takes long.

    A cursor that cannot be read, or beyond which there is nothing, means the first page.
    """
    key = _key(before or after)
    backwards = bool(before) and key is not None
    ascending = newest_first == backwards
    rows = _walk(requests, since, key, ascending=ascending, limit=size + 1, read=read)
    has_more, rows = len(rows) > size, rows[:size]
    if key is not None and (not rows or (backwards and not has_more)):
        return page(requests, since=since, newest_first=newest_first, size=size, read=read)
    if backwards:
        rows.reverse()
        return QueuePage(rows, cursor(rows[0], since) if has_more else "", cursor(rows[-1], since))
    return QueuePage(
        rows,
        cursor(rows[0], since) if key is not None else "",
        cursor(rows[-1], since) if has_more else "",
    )


def beginning(waiting, keys, *, by, at, read, size=SIZE):
    """(the first page of the `WaitingList` `waiting`, how many it shows `by` as text).

    `keys` are its `first_keys`.
    """
    has_more, rows = len(keys) > size, read(keys[:size])
    number = waiting.count_shown(by=by, at=at) if has_more else len(keys)
    after = cursor(rows[-1]) if rows and has_more else ""
    return QueuePage(rows, after=after), _as_text(number, COUNTED)


def _walk(requests, since, key, *, ascending, limit, read):
    if key is not None:
        requests = keyset.beyond(requests, since, key, ascending=ascending)
    found = keyset.in_order(requests, since, ascending=ascending)[:limit]
    return list(found) if read is None else read(list(found.values_list("pk", flat=True)))


def cursor(card_request, since=WAITS):
    # `promised_from` is `waits_since` without a query for the column.
    found = card_request.promised_from if since == WAITS else getattr(card_request, since)
    moment = found.astimezone(UTC).replace(tzinfo=None)
    return f"{moment.isoformat()}Z~{card_request.reference}"


def is_cursor(text):
    """Whether `text` has the form of a cursor. The request that it names may be gone."""
    return _CURSOR.fullmatch(text) is not None


def _key(text):
    """The (moment, pk) of a cursor; None where it is none."""
    found = _CURSOR.fullmatch(text)
    if not found:
        return None
    moment = moments.parse(found["moment"])
    named = CardRequest.objects.filter(reference=found["reference"])
    pk = named.values_list("pk", flat=True).first()
    return None if moment is None or pk is None else (moment, pk)


def page_and_number(requests, *, limit=COUNTED, **chosen):
    """(the `page` of `requests`, how many there are as text). Counting stops at `limit`: 「1000+」.

    What was narrowed to a few is found before it is sorted. The database would walk through all
    that waits, in its order, until the page is full: the few may be at the end.
    """
    unsorted = requests.order_by()
    number = unsorted[: limit + 1].count()
    if number <= limit:
        requests = requests.filter(pk__in=unsorted.values("pk")[: limit + 1])
    return page(requests, **chosen), _as_text(number, limit)


def _as_text(number, limit):
    return f"{limit}+" if number > limit else str(number)
