"""The pages of the 采集表: ordering one for a centre, and the columns that the centre gets."""

import base64

from cryptography.hazmat.primitives import serialization
from django.contrib import admin, messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.bureau.port import bureau_names, public_key_of
from apps.common.nudges import nudge
from apps.common.refusals import Refused
from apps.desk import roles
from apps.desk.colleagues import told
from apps.desk.gates import requires
from apps.exports import collection, profiles, tasks
from apps.exports.forms import SheetColumnsForm, SheetForm
from apps.exports.models import SheetProfile
from apps.exports.wording import label_of

PAGE = "admin:exports_export_change"
SHEET = "admin:exports_export_sheet"
VERSIONS = 10

exporters_only = requires(roles.EXPORT_FULL)


@exporters_only
@require_http_methods(["GET", "HEAD", "POST"])
def order(request):
    """Whom a file for each centre would list, and the form."""
    at = timezone.now()
    receivers = [_receiver(name, at=at) for name in bureau_names()]
    names = {each["name"]: each["label"] for each in receivers}
    form = SheetForm(request.POST if request.method == "POST" else None, receivers=names)
    if form.is_valid():
        try:
            export = profiles.order(**form.cleaned_data, by=request.user, at=at)
        except Refused as refusal:
            form.add_error(None, told(refusal, by=request.user))
        else:
            nudge(tasks.write_exports)
            return redirect(PAGE, export.reference)
    context = {
        **admin.site.each_context(request),
        "title": "采集表",
        "form": form,
        "receivers": receivers,
        "is_possible": any(each["key"] for each in receivers),
    }
    return render(request, "exports/sheet.html", context)


def _receiver(name, *, at):
    key = public_key_of(name)
    profile = profiles.latest(name)
    return {
        "name": name,
        "label": label_of(name),
        "key": key and _line(key),
        "profile": profile,
        "new": profiles.count(name, which=profiles.NEW, at=at),
        "all": profiles.count(name, which=profiles.ALL, at=at),
    }


def _line(key):
    """The middle line of the PEM of `key`, which the centre reads out on the phone."""
    der = key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return base64.b64encode(der).decode()


@exporters_only
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request, receiver):
    """Which columns the centre `receiver` gets, in which order and under which headings."""
    if receiver not in bureau_names():
        raise Http404
    at = timezone.now()
    profile = profiles.latest(receiver)
    form = SheetColumnsForm(
        request.POST if request.method == "POST" else None,
        known=collection.columns(),
        profile=profile,
    )
    if form.is_valid():
        try:
            saved = profiles.save_columns(**form.saved(), receiver=receiver, by=request.user, at=at)
        except Refused as refusal:
            form.add_error(None, told(refusal, by=request.user))
        else:
            messages.success(request, f"已保存第 {saved.version} 版，以后的采集表按这一版。")
            return redirect(SHEET)
    earlier = SheetProfile.objects.filter(receiver=receiver).select_related("by__holder")
    context = {
        **admin.site.each_context(request),
        "title": f"采集表的栏：{label_of(receiver)}",
        "form": form,
        "profile": profile,
        "earlier": earlier.order_by("-version")[:VERSIONS],
    }
    return render(request, "exports/columns.html", context)
