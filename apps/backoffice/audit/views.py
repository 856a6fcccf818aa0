"""The auditor's page: the whole book of events, and one event of it."""

from django.contrib import admin, messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from apps.backoffice.audit import facts, pages, subjects
from apps.backoffice.audit.forms import BookFilter, BookSearch, actor
from apps.common import masks
from apps.desk import roles
from apps.desk.gates import requires
from apps.events.models import Event
from apps.lifecycle.tables import LIFECYCLES

LIST = "admin:events_event_changelist"


@requires(roles.READ_BOOK)
@require_http_methods(["GET", "HEAD", "POST"])
def book(request):
    """The events that the filter in the address finds; what is posted becomes such a filter."""
    filter_ = BookFilter(request.GET)
    search = BookSearch(request.POST if request.method == "POST" else None)
    if search.is_valid():
        choice = search.choice(is_actor="actor" in request.POST)
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
        "person": person and f"{masks.name(person.name)}（{person.reference}）",
        "reference": filter_.cleaned_data.get("reference"),
        "query": query,
        "without_subject": filter_.query(without=("person", "reference")),
        "rows": [_row(event) for event in page.events],
        "newer": page.newer and f"{query}&newer_than={page.newer}",
        "older": page.older and f"{query}&older_than={page.older}",
    }
    return render(request, "backoffice/audit/book.html", context)


@requires(roles.READ_BOOK)
@require_safe
def detail(request, object_id):
    event = get_object_or_404(Event.objects.select_related("by__holder"), pk=object_id)
    context = {
        **admin.site.each_context(request),
        "title": f"办理记录 {event.pk}",
        "row": _row(event),
    }
    return render(request, "backoffice/audit/event.html", context)


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
