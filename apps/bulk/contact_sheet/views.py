"""The contact sheet (看照片): 24 portraits beside their roster photos, approved together.

The marked ones become a bulk run that starts at once. It can be recalled as a whole.
"""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.bulk import services, tasks
from apps.bulk.checks import RELATED
from apps.bulk.contact_sheet import lists, pictures
from apps.bulk.contact_sheet import services as sheets
from apps.bulk.enums import BulkOutcome, RunAction
from apps.bulk.models import BulkRun, ContactSheet
from apps.bulk.offers import offers
from apps.cards.models import CardRequest
from apps.case_list import pages
from apps.common import references
from apps.common.gone import WhatIsGone, get_or_gone
from apps.common.nudges import nudge
from apps.common.refusals import Refused
from apps.common.rules import rule_text
from apps.desk.claims import walk
from apps.desk.colleagues import told
from apps.desk.gates import reviewers_only
from apps.unsent import typed_again
from apps.unsent.typed_again import posted_from

PAGE = "admin:bulk_bulkrun_sheet"
AFTER, RUN = "_after", "_run"
OVER = WhatIsGone(
    "这一屏照片太旧了",
    f"照片看过{rule_text('BULK_PREVIEW_RETENTION')}以后要重新看。没有通过任何一件。",
    "重新看照片",
    PAGE,
)


@reviewers_only
@require_safe
def sheet(request):
    """The next screen of the list that the query string names."""
    at = timezone.now()
    query = request.GET.copy()
    after, run = query.pop(AFTER, [""])[-1], query.pop(RUN, [""])[-1]
    after = after if pages.is_cursor(after) else ""
    screen = lists.screen(query.urlencode(), after=after, by=request.user, at=at)
    shown = sheets.open_sheet(requests=screen.requests, by=request.user, at=at)
    taken_out = _taken_out()
    cells = lists.cells(shown, taken_out=taken_out, by=request.user, at=at)
    context = {
        **admin.site.each_context(request),
        "title": "看照片，成批通过",
        "sheet": shown,
        "cells": cells,
        "open_count": sum(not cell.why_not for cell in cells),
        "marked_count": sum(not cell.why_not and cell.is_marked for cell in cells),
        "taken_out": [cell.number for cell in cells if not (cell.why_not or cell.is_marked)],
        "picture": lists.size(len(cells)),
        "words": screen.words,
        "query": query.urlencode(),
        "trail": walk.suffix(query.urlencode()),
        "following": _address(query, screen.after) if screen.after else "",
        "after": screen.after,
        "last": _last(run, by=request.user, at=at),
        "similar_below": settings.FACE_SIMILAR_BELOW,
        "is_recallable": bool(settings.DECISION_UNDO_WINDOW),
    }
    return render(request, "bulk/contact_sheet.html", context)


def _taken_out():
    """The references that were unticked on a sheet sent after the session had ended."""
    typed = typed_again.shown()
    if typed is None:
        return set()
    return set(typed.data.getlist("offered")) - set(typed.data.getlist("marked"))


def _address(query, after, run=""):
    """The query string of a screen of the same list."""
    extra = {name: value for name, value in ((AFTER, after), (RUN, run)) if value}
    return "&".join(filter(None, (query.urlencode(), urlencode(extra))))


def _last(reference, *, by, at):
    """The run of the screen before with the offers for it, or None."""
    run = BulkRun.objects.filter(reference=reference, by=by).first() if reference else None
    if run is None:
        return None
    counts = run.rows.counts()
    left_out = run.rows.filter(outcome__in=(BulkOutcome.LEFT_OUT, BulkOutcome.FAILED)).count()
    return {
        "run": run,
        "number": sum(counts.values()) - left_out,
        "left_out": left_out,
        "recall": offers(run, by=by, at=at, counts=counts).of(RunAction.RECALL),
    }


@reviewers_only
@require_safe
def picture(request, reference):
    """All pictures of a sheet as one JPEG. Sending them is the recorded look."""
    shown = get_object_or_404(ContactSheet, reference=reference, by=request.user)
    sheets.show(sheet=shown, by=request.user, at=timezone.now())
    prints = shown.prints.select_related("card_request__particulars", "card_request__holder")
    pairs = [
        (each.card_request.particulars.portrait, each.card_request.holder.reference_photo)
        for each in prints.order_by("place")
    ]
    return HttpResponse(pictures.strip(pairs), content_type="image/jpeg")


@reviewers_only
@posted_from(PAGE)
def approve(request, reference):
    """Approve the marked requests of the sheet, and go on to the next screen."""
    at = timezone.now()
    shown = get_or_gone(ContactSheet.objects.filter(by=request.user), OVER, reference=reference)
    query = request.GET.copy()
    after = request.POST.get("after", "")
    marked = CardRequest.objects.filter(
        contact_prints__sheet=shown,
        reference__in=filter(references.can_be, request.POST.getlist("marked")),
    )
    requests = list(marked.select_related(*RELATED).order_by("contact_prints__place"))
    try:
        run = services.approve_at_once(requests=requests, by=request.user, at=at)
    except Refused as refusal:
        messages.error(request, told(refusal, by=request.user))
        return redirect(f"{reverse(PAGE)}?{query.urlencode()}")
    nudge(tasks.work_off_bulk_runs)
    if not after:
        messages.info(request, "这一列已经看完，从头列出还没有办的。")
    return redirect(f"{reverse(PAGE)}?{_address(query, after, run.reference)}")
