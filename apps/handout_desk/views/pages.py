"""What all pages of the hand-out desk share."""

from django.contrib import admin, messages
from django.shortcuts import render

from apps.common.refusals import Refused
from apps.desk import roles
from apps.desk.gates import requires

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
        messages.error(request, refusal.message)
        return False
    messages.success(request, done(found) if callable(done) else done)
    return True
