"""One correction that somebody asked for, and the answer to it."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.common.refusals import Refused
from apps.correction_desk.forms import CorrectionAnswerForm
from apps.desk import roles
from apps.desk.colleagues import told, whereabouts
from apps.desk.gates import requires
from apps.lateness.promises import promised_days
from apps.my_data import services
from apps.my_data.lateness import ANSWER
from apps.my_data.models import Correction
from apps.unsent.merging import said

LIST = "admin:my_data_correction_changelist"


@requires(roles.READ_CORRECTIONS)
@require_http_methods(["GET", "HEAD", "POST"])
def detail(request, reference):
    """What is said to be wrong; whoever keeps the roster answers."""
    at = timezone.now()
    related = ("holder__user", "asked_by__holder", "answered_by__holder")
    found = Correction.objects.select_related(*related)
    correction = get_object_or_404(found, reference=reference)
    may_answer = request.user.has_perm(roles.MANAGE_ROSTER)
    if request.method == "POST" and not may_answer:
        raise PermissionDenied
    form = CorrectionAnswerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.answer(
                correction=correction,
                is_corrected=form.is_corrected,
                text=form.cleaned_data["text"],
                by=request.user,
                at=at,
            )
        except Refused as refusal:
            messages.error(request, told(refusal, by=request.user))
        else:
            messages.success(request, "已答复，会通知提出的人。")
            return redirect(LIST)
        correction = found.get(pk=correction.pk)
    context = {
        **admin.site.each_context(request),
        "title": f"更正请求 {correction.reference}",
        "correction": correction,
        "who": whereabouts(correction.asked_by),
        "promised": promised_days(ANSWER, [correction], at=at)[correction.pk],
        "form": form if may_answer and correction.is_open else None,
        "typed": said(form) if form.is_bound and not correction.is_open else [],
    }
    return render(request, "correction_desk/detail.html", context)
