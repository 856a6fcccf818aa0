"""Photos of many people at once: looked at first, then stored. The page carries the archive."""

from collections import Counter

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.application.portraits import read_offered
from apps.backoffice.roster.forms import PhotosForm
from apps.backoffice.roster.views import page_context, roster_managers
from apps.common.refusals import Refused
from apps.common.stored_files import received, rows_are_stored
from apps.desk.colleagues import told
from apps.limits.enums import UploadKind
from apps.limits.services import count_upload
from apps.staff_photos import photo_import
from apps.staff_photos.enums import PhotoPurpose
from apps.staff_photos.photo_import import MOST_PORTRAITS, PhotoOutcome

_READING = {
    PhotoPurpose.REFERENCE: {},
    PhotoPurpose.PORTRAIT: {"read": read_offered, "most": MOST_PORTRAITS},
}
LIST = "admin:roster_rosterupload_changelist"


@roster_managers
@require_http_methods(["GET", "HEAD", "POST"])
def take(request):
    at, is_posted = timezone.now(), request.method == "POST"
    form = PhotosForm(request.POST, request.FILES) if is_posted else PhotosForm()
    preview = None
    if form.is_valid():
        try:
            if "confirm" not in request.POST:
                count_upload(kind=UploadKind.TABLE, by=request.user, at=at)
            purpose = form.cleaned_data["purpose"]
            rows = photo_import.plan(received(form.cleaned_data["file"]), **_READING[purpose])
            preview = _preview(rows, purpose)
            if "confirm" in request.POST:
                return _apply(request, rows, purpose, form.cleaned_data["seen"], at=at)
        except Refused as refusal:
            form.add_error("seen" if preview else "file", told(refusal, by=request.user))
    context = page_context(request, "导入照片", form=form, preview=preview)
    return render(request, "backoffice/roster/photos.html", context)


def _preview(rows, purpose):
    counts = Counter(row.outcome for row in rows)
    problems = [row for row in rows if not row.is_matched]
    return {
        "seen": photo_import.digest(rows, purpose),
        "is_offered": purpose.is_offered,
        "counts": [(outcome.label, counts[outcome]) for outcome in PhotoOutcome],
        "matched": [row for row in rows if row.is_matched],
        "problems": problems,
    }


def _apply(request, rows, purpose, seen, *, at):
    with rows_are_stored():
        new = photo_import.apply(rows=rows, purpose=purpose, seen=seen, by=request.user, at=at)
    same = sum(row.is_matched for row in rows) - new
    messages.success(
        request, f"已存入 {new} 张照片" + (f"，{same} 张和原来的一样，没有改动。" if same else "。")
    )
    return redirect(LIST)
