"""What all pages of the hand-out desk share."""

from functools import partial

from django.contrib import admin, messages
from django.shortcuts import render
from django.utils import timezone

from apps.common.refusals import Refused
from apps.desk import roles
from apps.desk.colleagues import told
from apps.desk.gates import requires
from apps.handout import counting

handers_only = requires(roles.HAND_OUT)


def show(request, template, **context):
    return render(request, template, {**admin.site.each_context(request), **context})


def attempt(request, verb, *, done):
    """Call `verb` and say `done`, or say why not. Returns whether it was done.

    `done` is a sentence, or a function of what the verb returns.
    """
    try:
        found = verb()
    except Refused as refusal:
        messages.error(request, told(refusal, by=request.user))
        return False
    messages.success(request, done(found) if callable(done) else done)
    return True


def give_back(request, rows):
    """Record that the cards `rows` go back to the bureau, if they are as many as the page said."""
    seen = request.POST.get("seen", "")
    verb = partial(
        counting.give_back,
        rows=rows,
        seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else None,
        by=request.user,
        at=timezone.now(),
    )
    attempt(request, verb, done=lambda number: f"已登记退回 {number} 张。")
