"""The pages about the words of messages: the list, and one message with its versions."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.common.messaging import fills_templates
from apps.common.pages import wants_fragment
from apps.common.refusals import Refused
from apps.desk import roles
from apps.desk.colleagues import told
from apps.desk.forms import as_read
from apps.desk.gates import readers_only
from apps.notices import notation, table
from apps.notices.models import MessageWording
from apps.notices_desk import book, checks, services
from apps.notices_desk.forms import WordingForm

PAGE = "admin:notices_messagewording_change"
PREVIEW = "preview"  # the name of the button that saves nothing


@readers_only
@require_safe
def index(request):
    """Every message with its words now; `kind`, `q` and `edited` narrow the list."""
    entries = book.entries(at=timezone.now())
    kinds = list(dict.fromkeys(entry.kind for entry in entries))
    kind, asked = request.GET.get("kind", ""), request.GET.get("q", "").strip()[:50]
    is_edited = "edited" in request.GET
    found = [
        entry
        for entry in entries
        if (not kind or entry.kind == kind)
        and (not is_edited or entry.is_edited)
        and (not asked or any(asked in said.texts[0]["text"] for said in entry.said))
    ]
    context = {
        **admin.site.each_context(request),
        "title": "消息用语",
        "groups": [(name, [e for e in found if e.kind == name]) for name in kinds],
        "kinds": kinds,
        "kind": kind,
        "asked": asked,
        "is_edited": is_edited,
        "count": len(found),
        "all_count": len(entries),
        "fills_templates": fills_templates(),
    }
    return render(request, "notices_desk/list.html", context)


@readers_only
@require_http_methods(["GET", "HEAD", "POST"])
def detail(request, key):
    """One message: its words to edit, how they go out, its versions.

    `?from=` fills the form with an older version. The button of the preview saves nothing; while
    somebody types it is asked for the fragment alone.
    """
    message, at = table.by_key(key), timezone.now()
    if message is None:
        raise Http404
    may_change = request.user.has_perm(roles.MANAGE_WORDINGS)
    if request.method == "POST" and not may_change:
        raise PermissionDenied
    versions = list(MessageWording.objects.of_keys([key]).select_related("saved_by__holder"))
    form = _form(request, message, versions, at)
    token = form.token
    is_preview = wants_fragment(request) or PREVIEW in request.POST
    if form.is_bound and not is_preview and form.is_valid() and _saved(request, message, form, at):
        return redirect(PAGE, key)
    taken_up = None if form.is_bound or not may_change else _taken_up(request, message, versions)
    if taken_up:
        form = _form(request, message, versions, at, words=taken_up)
    words = form.words if form.is_bound else form.initial_words
    preview = _preview(message, words)
    if wants_fragment(request):
        return render(request, "notices_desk/_preview.html", {"preview": preview})
    context = {
        **admin.site.each_context(request),
        "title": book.label(message),
        "message": message,
        "audience": book.audience(message),
        "channels": [book.named(name) for name in book.channels_of(message)],
        "vocabulary": form.vocabulary,
        "form": form,
        "token": token,
        "show_errors": form.is_bound and not is_preview,
        "may_change": may_change,
        "preview": preview,
        "taken_up": taken_up,
        "history": book.history(message, versions, at=at),
        "fills_templates": fills_templates(),
    }
    return render(request, "notices_desk/detail.html", context)


def _newest(versions):
    return versions[0] if versions else None


def _form(request, message, versions, at, *, words=None):
    """The form with `words`, else those of the newest version."""
    newest = _newest(versions)
    form_of_row = as_read(
        WordingForm,
        about=f"wording:{message.key}",
        saved_last=lambda: newest and (newest.saved_by, newest.saved_at),
        reader=request.user,
    )
    return form_of_row(
        request.POST if request.method == "POST" else None,
        initial=dict(vars(words or book.words_of(message, newest))),
        message=message,
        newest=newest,
        at=at,
    )


def _saved(request, message, form, at):
    """Save what was typed; False with a sentence in `form` where that is not possible."""
    try:
        saved = services.add_version(
            message=message,
            words=form.cleaned_words,
            base=form.newest.number if form.newest else 0,
            reason=form.cleaned_data["reason"],
            applies_from=form.applies_from,
            by=request.user,
            at=at,
        )
    except Refused as refusal:
        form.add_error(None, told(refusal, by=request.user))
        return False
    messages.success(request, f"已保存第 {saved.number} 版。以前的事仍按当时的话通知。")
    return True


def _taken_up(request, message, versions):
    """The `Words` of the version that `?from=` names; None without one."""
    number = request.GET.get("from", "")
    rows = {str(row.number): row for row in versions} | {"0": None}
    return book.words_of(message, rows[number]) if number in rows else None


def _preview(message, words):
    """How `words` go out, with examples, and what is wrong with them."""
    _, vocabulary = table.program_words(message)
    problems = [
        sentence
        for written in dict.fromkeys((words.text, words.by_sms))
        for sentence in checks.problems(written, vocabulary)
    ]
    try:
        said = book.said(message, words)
        return {
            "said": said,
            "problems": problems,
            "to_have_approved": book.to_have_approved(message, words),
            "title": words.title,
        }
    except notation.UnreadableWords:
        return {"said": [], "problems": problems, "to_have_approved": None}
