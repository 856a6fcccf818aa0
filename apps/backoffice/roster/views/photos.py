"""Photos of many people at once: uploaded, looked at by a worker, then stored.

apps.photo_import keeps the archive and its pictures in between.
"""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.backoffice.roster.forms import PhotosForm
from apps.backoffice.roster.offers import photo_offers
from apps.backoffice.roster.views import page_context, roster_managers, roster_readers
from apps.common.pages import wants_fragment
from apps.common.refusals import Refused
from apps.common.request_limits import takes_large_files
from apps.common.stored_files import rows_are_stored
from apps.desk import roles
from apps.desk.colleagues import told
from apps.limits.enums import UploadKind
from apps.limits.services import count_upload
from apps.photo_import import services, working
from apps.photo_import.enums import PictureFinding, PictureOutcome
from apps.photo_import.models import PhotoArchive
from apps.unsent.typed_again import posted_from

LIST = "admin:roster_rosterupload_changelist"
FORM = "admin:roster_rosterupload_photos"
PAGE = "admin:roster_rosterupload_photos_change"
RECENT = 5


@takes_large_files("PHOTO_ARCHIVE_MAX_BYTES", permission=roles.MANAGE_ROSTER)
@roster_managers
@require_http_methods(["GET", "HEAD", "POST"])
def take(request):
    form = PhotosForm(request.POST, request.FILES) if request.method == "POST" else PhotosForm()
    if form.is_valid():
        at = timezone.now()
        try:
            count_upload(kind=UploadKind.TABLE, by=request.user, at=at)
            with rows_are_stored():
                archive = services.take_in(
                    file=form.cleaned_data["file"],
                    purpose=form.cleaned_data["purpose"],
                    by=request.user,
                    at=at,
                )
        except Refused as refusal:
            form.add_error("file", told(refusal, by=request.user))
        else:
            working.work_at_once(archive=archive, clock=timezone.now)
            return redirect(PAGE, archive.reference)
    recent = PhotoArchive.objects.select_related("by__holder").recent_first()[:RECENT]
    context = page_context(request, "导入照片", form=form, recent=recent)
    return render(request, "backoffice/roster/photos.html", context)


def _archive(reference):
    archives = PhotoArchive.objects.select_related("by__holder")
    return get_object_or_404(archives, reference=reference)


@roster_readers
@require_safe
def detail(request, reference):
    archive = _archive(reference)
    progress = _progress(archive)
    if wants_fragment(request):
        response = render(request, "backoffice/roster/_photos_progress.html", progress)
        if not archive.is_running:
            response["HX-Refresh"] = "true"
        return response
    pictures = []
    if not archive.is_running:
        pictures = list(archive.pictures.select_related("holder__user").order_by("place"))
    context = page_context(
        request,
        f"照片压缩包 {archive.reference}",
        **progress,
        counts=[(each.label, archive.counts.get(each.lower())) for each in _shown(archive)],
        matched=[row for row in pictures if row.is_good],
        problems=[row for row in pictures if row.finding and not row.is_good],
        offers=photo_offers(archive, by=request.user, at=timezone.now()),
        kept_until=archive.at + settings.PHOTO_ARCHIVE_RETENTION,
    )
    return render(request, "backoffice/roster/photo_archive.html", context)


def _shown(archive):
    """What the numbers of `archive` are of: what was found, and then what became of it."""
    if not archive.counts:
        return []
    return [*PictureFinding, *(PictureOutcome if archive.is_confirmed else ())]


def _progress(archive):
    """How far the worker has come: pictures it has looked at, or stored."""
    if archive.is_unread:
        total, left = archive.pictures.count(), archive.pictures.to_read().count()
    else:
        total, left = archive.counts.get("matched", 0), archive.pictures.to_store().count()
    return {"archive": archive, "total": total, "done": total - left}


@roster_managers
@posted_from(PAGE)
def confirm(request, reference):
    archive = _archive(reference)
    try:
        services.confirm(archive=archive, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, told(refusal, by=request.user))
        return redirect(PAGE, reference)
    working.work_at_once(archive=archive, clock=timezone.now)
    return redirect(PAGE, reference)


@roster_managers
@posted_from(PAGE)
def discard(request, reference):
    try:
        services.discard(archive=_archive(reference), by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, told(refusal, by=request.user))
        return redirect(PAGE, reference)
    messages.success(request, "已放弃，传来的照片已删除，没有改动任何人。")
    return redirect(FORM)
