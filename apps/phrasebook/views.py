"""The pages of the phrasebook, by topic, with the last change. Supervisors may change it."""

from dataclasses import dataclass

from django.contrib import admin, messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.common.refusals import Refused
from apps.desk import event_kinds, roles
from apps.desk.colleagues import told
from apps.desk.forms import as_read
from apps.desk.gates import readers_only, requires
from apps.events.models import Event
from apps.phrasebook import services
from apps.phrasebook.forms import PhraseForm
from apps.phrasebook.models import Phrase, topics
from apps.unsent.typed_again import posted_from

managers_only = requires(roles.MANAGE_PHRASES)
LIST = "admin:phrasebook_phrase_changelist"
RECENT = 10
CHANGES = {
    services.ADDED: "添加",
    services.EDITED: "修改",
    services.DEACTIVATED: "停用",
    services.REACTIVATED: "重新启用",
    services.MOVED: "调整次序",
}


@dataclass(frozen=True)
class Chapter:
    """One topic with its phrases and the form that adds one to it."""

    topic: str
    label: str
    phrases: list
    form: PhraseForm


@readers_only
@require_safe
def index(request):
    return _page(request)


def _page(request, *, topic=None, bound=None):
    """The book; `bound` is the form that was posted to `topic` and did not pass."""
    phrases = list(Phrase.objects.order_by("position", "pk"))
    chapters = [
        Chapter(
            name,
            label,
            [phrase for phrase in phrases if phrase.topic == name],
            bound if name == topic else _form_of(name),
        )
        for name, label in topics().items()
    ]
    context = {
        **admin.site.each_context(request),
        "title": "常用语",
        "chapters": chapters,
        "may_change": request.user.has_perm(roles.MANAGE_PHRASES),
        "changes": _recent_changes(),
    }
    return render(request, "phrasebook/list.html", context)


def _form_of(topic, data=None):
    """The form that adds a phrase to `topic`, one of several of its kind on the page."""
    form = PhraseForm(data, auto_id=f"id_{topic}_%s")
    form.action = reverse("admin:phrasebook_phrase_add", args=[topic])
    return form


def _recent_changes():
    events = Event.objects.of_kind(event_kinds.PHRASE).select_related("by__holder")
    return [
        {
            "event": event,
            "change": CHANGES.get(event.facts["change"], ""),
            "topic": topics().get(event.facts["topic"], ""),
        }
        for event in events.order_by("-pk")[:RECENT]
    ]


@managers_only
@posted_from(LIST)
def add(request, topic):
    if topic not in topics():
        raise Http404
    form = _form_of(topic, request.POST)
    if form.is_valid():
        try:
            services.add(
                topic=topic, text=form.cleaned_data["text"], by=request.user, at=timezone.now()
            )
        except Refused as refusal:
            form.add_error("text", told(refusal, by=request.user))
        else:
            messages.success(request, f"已在「{topics()[topic]}」里添加一句。")
            return redirect(LIST)
    return _page(request, topic=topic, bound=form)


@managers_only
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, reference):
    phrase = get_object_or_404(Phrase, reference=reference)
    form_of_row = as_read(
        PhraseForm,
        about=f"phrase:{phrase.pk}",
        saved_last=lambda: services.saved_last(phrase=phrase),
        reader=request.user,
    )
    data = request.POST if request.method == "POST" else None
    form = form_of_row(data, initial={"text": phrase.text})
    if form.is_valid():
        try:
            services.edit(
                phrase=phrase,
                text=form.cleaned_data["text"],
                was=phrase.text,
                by=request.user,
                at=timezone.now(),
            )
        except Refused as refusal:
            form.add_error("text", told(refusal, by=request.user))
        else:
            messages.success(request, "已修改。以前发出的不受影响。")
            return redirect(LIST)
    context = {
        **admin.site.each_context(request),
        "title": "修改常用语",
        "phrase": phrase,
        "form": form,
    }
    return render(request, "phrasebook/edit.html", context)


def _button(verb):
    def view(request, reference):
        phrase = get_object_or_404(Phrase, reference=reference)
        verb(phrase=phrase, by=request.user, at=timezone.now())
        return redirect(LIST)

    return managers_only(posted_from(LIST)(view))


deactivate = _button(services.deactivate)
reactivate = _button(services.reactivate)
move_up = _button(services.move_up)
move_down = _button(services.move_down)
