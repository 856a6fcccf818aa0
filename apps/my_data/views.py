"""我的信息: what is kept, who looked, a copy, corrections and erasure."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.common.moments import day_of
from apps.common.refusals import Refused
from apps.lateness.promises import promised_days
from apps.my_data import catalogue, copies, erasure, kept, looks, services
from apps.my_data.forms import CorrectionForm, ErasureForm
from apps.my_data.lateness import ANSWER
from apps.my_data.models import Correction
from apps.my_data.policies import copies_left
from apps.people import first
from apps.people.family import family_of
from apps.unsent.typed_again import posted_from
from apps.verification import recent

JSON, PAPER = "json", "paper"


@login_required
@require_safe
def index(request):
    """What is kept about the user, or about `?person=<reference>`; `?full=1` without masks.

    Full values are shown to somebody who gave the password or a second factor a moment ago.
    """
    at, reader = timezone.now(), request.user
    is_full = request.GET.get("full") == "1"
    if is_full and not recent.has_proven(request, at=at):
        return _prove(request.get_full_path())
    persons = family_of(reader, at=at).persons
    if not persons:
        return render(request, "my_data/nobody.html")
    who = next((p for p in persons if p.reference == request.GET.get("person")), persons[0])
    if is_full:
        services.record_look(person=who, by=reader, at=at)
    asked = Correction.objects.visible_to(reader, at=at).order_by("-pk")
    context = {
        "persons": persons,
        "who": who,
        "is_full": is_full,
        "kept": kept.of(who, reader=reader, is_full=is_full, limit=kept.SHOWN),
        "looks": looks.looks_at(who, limit=looks.SHOWN),
        "names_staff": settings.LOOKS_NAME_STAFF,
        "corrections": _with_days(asked.filter(holder=who)[: kept.SHOWN], at=at),
        "copies_left": copies_left(reader, at=at),
    }
    return render(request, "my_data/index.html", context)


def _with_days(corrections, *, at):
    """[(correction, the `PromisedDay` of its answer)]; None for one that is answered."""
    rows = list(corrections)
    days = promised_days(ANSWER, [row for row in rows if row.is_open], at=at)
    return [(row, days.get(row.pk)) for row in rows]


@login_required
@posted_from("my_data:index")
def copy(request):
    """Everything about the user and the children: `format` json as a file, paper as a page."""
    at, reader = timezone.now(), request.user
    if not recent.has_proven(request, at=at):
        return _prove(resolve_url("my_data:index"))
    persons = family_of(reader, at=at).persons
    format_ = request.POST.get("format")
    if not persons or format_ not in (JSON, PAPER):
        raise Http404
    try:
        services.record_copy(format=format_, persons=persons, by=reader, at=at)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("my_data:index")
    if format_ == JSON:
        content = copies.whole(persons, reader=reader, at=at)
        response = JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 1})
        name = f"my-data-{day_of(at).isoformat()}.json"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
    context = {
        "seen_at": at,
        "sheets": [
            {
                "person": person,
                "kept": kept.of(person, reader=reader, is_full=True),
                "looks": looks.looks_at(person),
            }
            for person in persons
        ],
    }
    return render(request, "my_data/paper.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request):
    """请人事处更正."""
    at, reader = timezone.now(), request.user
    persons = family_of(reader, at=at).persons
    if not persons:
        raise Http404
    posted = request.POST if request.method == "POST" else None
    form = CorrectionForm(posted, persons=persons, reader=reader)
    if form.is_valid():
        try:
            correction = services.ask(**form.asked(), by=reader, at=at)
        except Refused as refusal:
            form.add_error(None, first.whole(refusal, reader=reader))
        else:
            messages.success(
                request, f"已请人事处更正，编号 {correction.reference}。答复后会通知您。"
            )
            return redirect("my_data:index")
    context = {"form": form, "asked": _with_days(_asked(reader, at=at), at=at)}
    return render(request, "my_data/correct.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request):
    """删除可以删除的信息, and why the rest stays."""
    at, reader = timezone.now(), request.user
    persons = family_of(reader, at=at).persons
    if not persons:
        raise Http404
    posted = request.POST if request.method == "POST" else None
    offered = erasure.offered(persons, reader=reader, at=at)
    form = ErasureForm(posted, offered=offered)
    if form.is_valid():
        try:
            erased = erasure.erase(
                names=form.cleaned_data["what"], persons=persons, by=reader, at=at
            )
        except Refused as refusal:
            messages.error(request, first.whole(refusal, reader=reader))
        else:
            messages.success(request, f"已删除：{'；'.join(erased)}。")
        return redirect("my_data:erase")
    stays = [entry for entry in catalogue.every() if entry.stays]
    return render(request, "my_data/erase.html", {"form": form, "offered": offered, "stays": stays})


def _asked(reader, *, at):
    return Correction.objects.visible_to(reader, at=at).select_related("holder").order_by("-pk")


def _prove(after):
    return redirect(f"{resolve_url('account_reauthenticate')}?{urlencode({'next': after})}")
