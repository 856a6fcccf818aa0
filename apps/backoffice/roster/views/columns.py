"""The step in which somebody says which column of a file is which of ours."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.backoffice.roster.columns import possible_headings, samples
from apps.backoffice.roster.forms import ColumnsForm
from apps.backoffice.roster.views import PAGE, get_upload, page_context, roster_managers
from apps.common.refusals import Refused
from apps.desk.colleagues import told
from apps.roster import column_choice
from apps.roster import services as rosters
from apps.roster.reading import located_in
from apps.unsent.typed_again import posted_from


@roster_managers
@require_http_methods(["GET", "HEAD", "POST"])
def match(request, reference):
    """Works on the row of headings that is named in the address, else on the likeliest one."""
    upload = get_upload(reference)
    if not upload.is_unmatched:
        if request.method == "POST":
            messages.error(request, column_choice.GONE)
        return redirect(PAGE, reference)
    try:
        located = located_in(upload=upload, line=_line(request))
    except Refused as refusal:
        messages.error(request, told(refusal, by=request.user))
        located = located_in(upload=upload, line=None)
    posted = (request.POST,) if request.method == "POST" else ()
    form = ColumnsForm(*posted, head=located.headings, samples=samples(located))
    if form.is_valid():
        at = timezone.now()
        try:
            column_choice.match_columns(
                upload=upload, located=located, columns=form.columns, by=request.user, at=at
            )
        except Refused as refusal:
            form.add_error(None, told(refusal, by=request.user))
        else:
            rosters.prepare_at_once(upload=upload, at=at)
            return redirect(PAGE, reference)
    context = page_context(
        request,
        "哪一列是什么",
        upload=upload,
        form=form,
        head=located.headings,
        table=located.table,
        lines=possible_headings(located.table),
    )
    return render(request, "backoffice/roster/columns.html", context)


@roster_managers
@posted_from("admin:roster_rosterupload_match")
def again(request, reference):
    """From the preview back to this step."""
    upload = get_upload(reference)
    try:
        column_choice.match_again(upload=upload, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, told(refusal, by=request.user))
        return redirect(PAGE, reference)
    return redirect("admin:roster_rosterupload_match", reference)


def _line(request):
    wanted = request.GET.get("line", "")
    return int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 7 else None
