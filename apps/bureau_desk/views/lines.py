"""The lines in quarantine. The content of a line is shown only after a click that is recorded."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.bureau import quarantine
from apps.bureau.adapters import report_file
from apps.bureau.enums import LineAction
from apps.bureau.models import QuarantinedLine
from apps.bureau_desk import lists, offers, services
from apps.bureau_desk.forms import CorrectForm, DismissForm, LookForm
from apps.bureau_desk.views import show
from apps.common.refusals import Refused
from apps.desk import event_kinds, roles
from apps.desk.colleagues import told
from apps.desk.gates import readers_only, requires
from apps.events.models import Event
from apps.unsent.merging import said
from apps.unsent.typed_again import posted_from

ALL = "all"
PAGE = "admin:bureau_quarantinedline_change"
TEMPLATES = {
    LineAction.CORRECT: "bureau_desk/lines/correct.html",
    LineAction.DISMISS: "bureau_desk/lines/dismiss.html",
}

operators_only = requires(roles.OPERATE_BUREAU)


@readers_only
@require_safe
def index(request):
    shows_all = request.GET.get("state") == ALL
    rows = QuarantinedLine.objects.select_related("file").defer("content")
    page = lists.page_of(rows if shows_all else rows.open(), request.GET, by="received_at")
    return show(
        request,
        "bureau_desk/lines.html",
        tab="lines",
        title="隔离的回盘行",
        shows_all=shows_all,
        rows=page.rows,
        page=page,
    )


def _get(reference):
    return get_object_or_404(
        QuarantinedLine.objects.select_related("file", "report"),
        reference=reference,
    )


@readers_only
@require_safe
def detail(request, reference):
    return _page(request, _get(reference), at=timezone.now())


def _page(request, line, *, at, is_shown=False, look=None, correct=None, dismiss=None, typed=()):
    looks = Event.objects.about(event_kinds.LINE, line).select_related("by__holder")
    moves = line.events.select_related("by__holder")
    return show(
        request,
        "bureau_desk/line.html",
        tab="lines",
        title=f"隔离行 {line.reference}",
        line=line,
        typed=typed,
        is_shown=is_shown,
        choices=[
            {"offer": offer, "template": TEMPLATES[offer.action]}
            for offer in offers.of_line(line, by=request.user, at=at).open
        ],
        columns=",".join(report_file.COLUMNS),
        look=look or LookForm(),
        correct=correct or CorrectForm(initial={"content": line.content} if is_shown else None),
        dismiss=dismiss or DismissForm(),
        events=sorted([*moves, *looks.order_by("-pk")[:20]], key=lambda event: -event.pk),
    )


@readers_only
@posted_from("admin:bureau_quarantinedline_change")
def look(request, reference):
    """The page with the contents, shown once; a reload asks and is logged again."""
    line = _get(reference)
    at = timezone.now()
    form = LookForm(request.POST)
    if not form.is_valid():
        return _page(request, line, at=at, look=form)
    services.show_line(line=line, reason=form.cleaned_data["reason"], by=request.user, at=at)
    return _page(request, line, at=at, is_shown=True)


@operators_only
@posted_from("admin:bureau_quarantinedline_change")
def correct(request, reference):
    line = _get(reference)
    at = timezone.now()
    form = CorrectForm(request.POST)
    if form.is_valid():
        try:
            quarantine.correct(
                line=line,
                content=form.cleaned_data["content"],
                by=request.user,
                at=at,
            )
        except Refused as refusal:
            if refusal.code == "settled":
                messages.error(request, told(refusal, by=request.user))
                return _page(request, _get(reference), at=at, typed=said(form))
            form.add_error("content", told(refusal, by=request.user))
        else:
            messages.success(request, "改正后的一行已收下，后台任务几秒内登记。")
            return redirect(PAGE, reference)
    return _page(request, line, at=at, correct=form)


@operators_only
@posted_from("admin:bureau_quarantinedline_change")
def dismiss(request, reference):
    line = _get(reference)
    at = timezone.now()
    form = DismissForm(request.POST)
    if form.is_valid():
        try:
            quarantine.dismiss(
                line=line, reason=form.cleaned_data["reason"], by=request.user, at=at
            )
        except Refused as refusal:
            if refusal.code == "settled":
                messages.error(request, told(refusal, by=request.user))
                return _page(request, _get(reference), at=at, typed=said(form))
            form.add_error("reason", told(refusal, by=request.user))
        else:
            messages.success(request, "这一行不再处理，原因已记录。")
            return redirect("admin:bureau_quarantinedline_changelist")
    return _page(request, line, at=at, dismiss=form)
