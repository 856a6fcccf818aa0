"""Boxes: the bureau's list against what is inside."""

from functools import partial

from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.common import references
from apps.common.browser_permissions import uses_camera
from apps.common.refusals import Refused
from apps.handout import counting
from apps.handout.enums import BoxCardStatus
from apps.handout.models import Box
from apps.handout_desk import lists
from apps.handout_desk.forms import NumberForm
from apps.handout_desk.views.pages import attempt, handers_only, show
from apps.handout_desk.views.pages import give_back as give_back_seen
from apps.unsent.typed_again import posted_from

PAGE = "admin:handout_box_change"


@handers_only
@require_safe
def index(request):
    """The boxes, the latest first, with how many of their cards are where."""
    return show(request, "handout_desk/boxes.html", title="卡箱", boxes=lists.boxes())


@uses_camera
@handers_only
@require_safe
def box(request, reference):
    return _page(request, _find(reference))


def _find(reference):
    return get_object_or_404(Box, reference=reference)


def _page(request, box, *, form=None, counted=None):
    cards = box.cards.select_related("holder__user", "card", "department").order_by("holder__name")
    by_status: dict[BoxCardStatus, list] = {status: [] for status in BoxCardStatus}
    for row in cards:
        by_status[BoxCardStatus(row.status)].append(row)
    return show(
        request,
        "handout_desk/box.html",
        title=f"卡箱 {box.number}",
        box=box,
        open_box=box if box.is_open else None,
        form=form or NumberForm(),
        counted=counted,
        expected=by_status[BoxCardStatus.EXPECTED],
        missing=by_status[BoxCardStatus.MISSING],
        surplus=by_status[BoxCardStatus.SURPLUS],
        there=[row for row in cards if row.is_there],
        total=len([row for row in cards if row.is_listed]),
    )


@handers_only
@posted_from(PAGE)
def receive(request, reference):
    verb = partial(counting.receive, box=_find(reference), by=request.user, at=timezone.now())
    attempt(request, verb, done="已登记收到，请逐张点卡。")
    return redirect(PAGE, reference)


@uses_camera
@handers_only
@posted_from(PAGE)
def count(request, reference):
    """One card. The page comes back with what it was, and the field is ready for the next."""
    box, form = _find(reference), NumberForm(request.POST)
    if not form.is_valid():
        return _page(request, box, form=form)
    try:
        number = form.cleaned_data["number"]
        counted = counting.count(box=box, text=number, by=request.user, at=timezone.now())
    except Refused as refusal:
        form.add_error("number", refusal.message)
        return _page(request, box, form=form)
    return _page(request, box, counted=counted)


@handers_only
@posted_from(PAGE)
def uncount(request, reference):
    """A card of the box was put down by mistake."""
    box = _find(reference)
    named = references.in_data(request.POST, "row")
    row = get_object_or_404(box.cards.select_related("card_request", "day"), reference=named)
    verb = partial(counting.uncount, box=box, row=row, by=request.user, at=timezone.now())
    attempt(
        request,
        verb,
        done=lambda row: "已改回没有点到。" if row.is_listed else "已记下：没有多出这张卡。",
    )
    return redirect(PAGE, reference)


@handers_only
@posted_from(PAGE)
def check(request, reference):
    verb = partial(counting.check, box=_find(reference), by=request.user, at=timezone.now())
    attempt(
        request,
        verb,
        done=lambda missing: f"已点清，缺 {missing} 张。" if missing else "已点清，一张不缺。",
    )
    return redirect(PAGE, reference)


@handers_only
@posted_from(PAGE)
def reopen(request, reference):
    verb = partial(counting.reopen, box=_find(reference), by=request.user, at=timezone.now())
    attempt(request, verb, done="可以接着点了。")
    return redirect(PAGE, reference)


@handers_only
@posted_from(PAGE)
def give_back(request, reference):
    """The surplus cards of the box go back to the bureau."""
    give_back_seen(request, _find(reference).cards.filter(status=BoxCardStatus.SURPLUS))
    return redirect(PAGE, reference)
