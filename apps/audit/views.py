"""The auditor's page: the whole book of events, and one event of it."""

import tempfile

from django.contrib import admin, messages
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.audit import facts, pages, seen, services, subjects
from apps.audit.event_kinds import TraceAction
from apps.audit.forms import BookFilter, BookSearch, TraceForm, actor
from apps.common.visibility import shown
from apps.desk import roles
from apps.desk.gates import requires
from apps.desk.looking.services import record_search
from apps.events.models import Event
from apps.lifecycle.tables import LIFECYCLES
from apps.seals import proofs

LIST = "admin:events_event_changelist"
SHOWN_PERSONS = 200


@requires(roles.READ_BOOK)
@require_http_methods(["GET", "HEAD", "POST"])
def book(request):
    """The events that the filter in the address finds; what is posted becomes such a filter."""
    filter_ = BookFilter(request.GET)
    search = BookSearch(request.POST if request.method == "POST" else None)
    if search.is_valid():
        choice = search.choice(is_actor="actor" in request.POST)
        record_search(
            found=search.by_number(),
            has_result=bool(choice),
            reason="查找办理记录",
            by=request.user,
            at=timezone.now(),
        )
        if choice:
            query = filter_.query(without=("person", "reference"), **choice)
            return redirect(f"{request.path}?{query}")
        messages.warning(request, "没有找到。请核对以后再试：号码要完整。")
    person = filter_.holder()
    events = filter_.narrow(Event.objects.select_related("by__holder"), person=person)
    page = pages.page(
        events,
        older_than=request.GET.get("older_than", ""),
        newer_than=request.GET.get("newer_than", ""),
    )
    query = filter_.query()
    context = {
        **admin.site.each_context(request),
        "title": "办理记录",
        "filter": filter_,
        "search": search,
        "person": person and f"{shown(person.name, 'list.name')}（{person.reference}）",
        "reference": filter_.cleaned_data.get("reference"),
        "query": query,
        "without_subject": filter_.query(without=("person", "reference")),
        "rows": [_row(event) for event in page.events],
        "newer": page.newer and f"{query}&newer_than={page.newer}",
        "older": page.older and f"{query}&older_than={page.older}",
    }
    return render(request, "audit/book.html", context)


@requires(roles.READ_BOOK)
@require_safe
def detail(request, object_id):
    event = get_object_or_404(Event.objects.select_related("by__holder"), pk=object_id)
    context = {
        **admin.site.each_context(request),
        "title": f"办理记录 {event.pk}",
        "row": _row(event),
        "proof": proofs.proof_of(event),
    }
    return render(request, "audit/event.html", context)


@requires(roles.TRACE_LOOKS)
@require_http_methods(["GET", "HEAD", "POST"])
def seen_by(request):
    """谁的信息被看过: of one account in one time; the answer is posted for, and recorded."""
    form = TraceForm(request.POST if request.method == "POST" else None)
    context = {**admin.site.each_context(request), "title": "谁的信息被看过", "form": form}
    if form.is_valid():
        asked = form.asked()
        persons, unknown = seen.persons_of(
            seen.sights_of(asked["account"], since=asked["since"], until=asked["until"])
        )
        is_file = "file" in request.POST
        services.record_trace(
            action=TraceAction.FETCH if is_file else TraceAction.TRACE,
            **asked,
            persons=len(persons),
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=timezone.now(),
        )
        if is_file:
            file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
            seen.write(persons, unknown, target=file)
            file.seek(0)
            return FileResponse(file, as_attachment=True, filename="seen.csv")
        context |= {
            "account": actor(asked["account"]),
            "is_found": True,
            "number": len(persons),
            "persons": persons[:SHOWN_PERSONS],
            "unknown": unknown[:SHOWN_PERSONS],
        }
    return render(request, "audit/seen.html", context)


def _row(event):
    """An event in words for an auditor."""
    return {
        "event": event,
        "who": actor(event.by) if event.by else "",
        "statuses": _statuses(event),
        "page": subjects.page_of(event),
        "facts": facts.of(event),
    }


def _statuses(event):
    """From which status to which, in words; empty for what is no move."""
    lives = {life.name: life for life in LIFECYCLES}
    if not event.to_status or event.subject_kind not in lives:
        return ""
    labels = dict(lives[event.subject_kind].statuses.choices)
    old = labels.get(event.from_status, "")
    return f"{old} → {labels[event.to_status]}" if old else labels[event.to_status]
