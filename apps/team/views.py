"""How much each reviewer decided, week by week, for the team lead, and who is away."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.common.moments import day_of
from apps.common.refusals import Refused, field_of
from apps.desk import roles
from apps.desk.absences import services
from apps.desk.absences.policies import DatesRefused, DeputyRefused, period
from apps.desk.gates import readers_only, requires, reviewers_only
from apps.desk.models import Absence
from apps.team import figures
from apps.team.forms import AbsenceForm
from apps.unsent.typed_again import posted_from

WEEKS = 4
ABSENCES = "admin:desk_absence_changelist"
_FIELDS = {DatesRefused: "last", DeputyRefused: "deputy"}


@requires(roles.LEAD_TEAM)
@require_safe
def workload(request):
    """Cases decided and time spent, for each reviewer and week."""
    at = timezone.now()
    context = {
        **admin.site.each_context(request),
        "title": "团队办理情况",
        "away": _away(request.user, at=at),
        "mondays": figures.mondays(weeks=WEEKS, at=at),
        "workloads": figures.workloads(weeks=WEEKS, at=at),
        "longest_pause": round(figures.LONGEST_PAUSE.total_seconds() / 60),
    }
    return render(request, "team/workload.html", context)


def _away(user, *, at):
    """(`Absence`, its days, whether it is on, whether `user` may end it) of today and later."""
    today, leads = day_of(at), user.has_perm(roles.LEAD_TEAM)
    found = Absence.objects.not_over(today).order_by("from_date", "pk")
    decides = user.has_perm(roles.DECIDE)
    return [
        (each, period(each), each.is_on(today), decides and (leads or each.user_id == user.pk))
        for each in found.select_related("user__holder", "deputy__holder", "set_by__holder")
    ]


@readers_only
@require_http_methods(["GET", "HEAD", "POST"])
def absences(request):
    """Who is away today and later; reviewers enter their own absence, the lead anybody's."""
    at, by = timezone.now(), request.user
    if request.method == "POST" and not by.has_perm(roles.DECIDE):
        raise PermissionDenied
    lead = by.has_perm(roles.LEAD_TEAM)
    form = AbsenceForm(request.POST if request.method == "POST" else None, lead=lead, by=by)
    if form.is_valid():
        chosen = {"user": by} | form.cleaned_data
        try:
            services.set_absence(**chosen, by=by, at=at)
        except Refused as refusal:
            form.add_error(field_of(refusal, _FIELDS), refusal.message)
        else:
            messages.success(request, "已登记。从第一天 0:00 起不再分给，领着的别人可以领办。")
            return redirect(ABSENCES)
    context = {
        **admin.site.each_context(request),
        "title": "不在岗",
        "away": _away(by, at=at),
        "form": form if by.has_perm(roles.DECIDE) else None,
    }
    return render(request, "team/absences.html", context)


@reviewers_only
@posted_from(ABSENCES)
def end_absence(request, reference):
    absence = get_object_or_404(Absence.objects.select_related("user"), reference=reference)
    try:
        services.end_absence(absence=absence, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "已结束，可以照常领办。")
    return redirect(ABSENCES)
