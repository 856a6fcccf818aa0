"""The seals on the book, for auditors: the heads, the last check, and where heads were sent."""

from django.contrib import admin
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from apps.common import references
from apps.desk import roles
from apps.desk.gates import requires
from apps.seals import checkpoints
from apps.seals.models import HeadCopy, SealCheck, TreeHead

SHOWN = 50


@requires(roles.READ_BOOK)
@require_safe
def seals(request):
    """The newest heads, the results of the last checks, and the copies outside."""
    heads = TreeHead.objects.order_by("-number")
    before = references.key_in_data(request.GET, "before")
    if before is not None:
        heads = heads.filter(number__lt=before)
    shown = list(heads[: SHOWN + 1])
    context = {
        **admin.site.each_context(request),
        "title": "存证",
        "heads": shown[:SHOWN],
        "older": shown[SHOWN - 1].number if len(shown) > SHOWN else None,
        "checks": SealCheck.objects.order_by("-pk")[:5],
        "copies": HeadCopy.objects.order_by("pk"),
        "key": checkpoints.own_key(),
    }
    return render(request, "audit/seals.html", context)


@requires(roles.READ_BOOK)
@require_safe
def head(request, number):
    """One signed head as a text, to keep elsewhere."""
    found = get_object_or_404(TreeHead, pk=number)
    return HttpResponse(
        found.note,
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="tree-head-{found.pk}.txt"'},
    )
