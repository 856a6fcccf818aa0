"""What whoever comes second gets: who was first and when, and what was typed."""

from django.shortcuts import redirect, render

from apps.application.views.access import next_offer, next_page
from apps.unsent.merging import unsaved


def too_late(request, card_request, make, *, at, refusal):
    """The answer to a form that is over, because another person or window has handed it in.

    `make` makes the form (merging.py), `refusal` says why it is over. What was typed and is not
    saved is shown, so that it can be copied. If there is none, the answer is that of the first.
    """
    typed = unsaved(make, request.POST)
    if not typed:
        return redirect(next_page(request, card_request, at=at))
    return overtaken(request, card_request, at=at, refusal=refusal, typed=typed)


def overtaken(request, card_request, *, at, refusal, typed=(), differences=()):
    """Why nothing was done, who was first, what was `typed`, and what differs from the page."""
    context = {
        "card_request": card_request,
        "refusal": refusal,
        "typed": typed,
        "differences": differences,
        "following": next_offer(request, card_request, at=at),
    }
    return render(request, "application/overtaken.html", context, status=409)
