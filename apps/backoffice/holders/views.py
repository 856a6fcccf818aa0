"""The logged look at the full personal data of a person on the roster."""

from django.contrib import admin
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.common.refusals import Refused
from apps.desk import event_kinds
from apps.desk.colleagues import told
from apps.desk.gates import requires
from apps.desk.looking.forms import DisclosureForm
from apps.desk.looking.services import disclose_holder, record_search
from apps.events.models import Event
from apps.people.finding import by_own_number
from apps.people.models import Holder

WHAT_IS_DISCLOSED = "姓名、社会保障号码、手机号、常住地址"


def record(term, *, has_result, by):
    """A search by somebody's own number is a look at the person, as it is in the requests."""
    record_search(
        found=by_own_number(Holder.objects.all(), term),
        has_result=has_result,
        reason="查找持卡人",
        by=by,
        at=timezone.now(),
    )


@requires("people.view_holder")
@require_http_methods(["GET", "HEAD", "POST"])
def disclose(request, reference):
    """Asks for a reason, and shows the data once it is written down."""
    holder = get_object_or_404(Holder.objects.select_related("user"), reference=reference)
    form = DisclosureForm(request.POST if request.method == "POST" else None)
    is_disclosed = False
    if form.is_valid():
        try:
            disclose_holder(
                holder=holder,
                what=WHAT_IS_DISCLOSED,
                reason=form.cleaned_data["reason"],
                by=request.user,
                at=timezone.now(),
            )
        except Refused as refusal:
            form.add_error("reason", told(refusal, by=request.user))
        else:
            is_disclosed = True
    context = {
        **admin.site.each_context(request),
        "title": f"持卡人 {holder.reference}",
        "holder": holder,
        "disclosure": form,
        "is_disclosed": is_disclosed,
        "looks": Event.objects.about(event_kinds.HOLDER, holder)
        .select_related("by__holder")
        .order_by("-pk")[:10],
    }
    return render(request, "backoffice/holders/disclose.html", context)
