"""The rows of what a reviewer asks for, beside the moves of their requests.

Every verb takes the keys of requests, and is called in the transaction that has moved them.
"""

from apps.requests.models import Amendment, Particulars
from apps.requests.particulars import snapshot


def ask(*, requests, items, due_date, by, at):
    """Ask for the same changes in the requests with these keys, which were moved just now.

    The present values are kept with each `Amendment`.
    """
    fields = [item["field"] for item in items]
    Amendment.objects.bulk_create(
        Amendment(
            card_request_id=particulars.card_request_id,
            items=items,
            before=snapshot(particulars, fields),
            portrait_before=particulars.portrait.name if "portrait" in fields else "",
            due_date=due_date,
            asked_at=at,
            asked_by=by,
        )
        for particulars in Particulars.objects.filter(card_request__in=requests)
    )


def close(*, requests, by, at):
    """Close the open amendments of the requests with these keys: they are answered or over."""
    Amendment.objects.filter(card_request__in=requests, answered_at=None).update(
        answered_at=at, answered_by=by
    )


def recall(*, requests, by, at):
    """Close the open amendments of the requests with these keys: nobody asks for them any more."""
    Amendment.objects.filter(card_request__in=requests, answered_at=None).update(
        answered_at=at, answered_by=by, is_recalled=True
    )


def reopen(*, requests):
    """Open the last amendment of each of the requests, which their rejections have closed."""
    last = Amendment.objects.filter(card_request__in=requests).order_by("card_request", "-pk")
    newest: dict[int, int] = {}
    for pk, card_request in last.values_list("pk", "card_request"):
        newest.setdefault(card_request, pk)
    Amendment.objects.filter(pk__in=newest.values()).update(answered_at=None, answered_by=None)
