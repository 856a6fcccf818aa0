"""How much each reviewer decided, week by week, for the team lead."""

from django.contrib import admin
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.desk import roles
from apps.desk.gates import requires
from apps.team import figures

WEEKS = 4


@requires(roles.LEAD_TEAM)
@require_safe
def workload(request):
    """Cases decided and time spent, for each reviewer and week."""
    at = timezone.now()
    context = {
        **admin.site.each_context(request),
        "title": "团队办理情况",
        "mondays": figures.mondays(weeks=WEEKS, at=at),
        "workloads": figures.workloads(weeks=WEEKS, at=at),
        "longest_pause": round(figures.LONGEST_PAUSE.total_seconds() / 60),
    }
    return render(request, "team/workload.html", context)
