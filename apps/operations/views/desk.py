"""运行状况: the operators' page of the desk, and what they do with what was given up."""

from django.contrib import admin, messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.desk import roles
from apps.desk.gates import requires
from apps.operations import alarms, retrying
from apps.operations.checks import CHECKS
from apps.operations.checks.processes import alive
from apps.operations.examination import examine, worst
from apps.operations.forms import GivenUpForm
from apps.operations.models import Alarm, TaskRun
from apps.unsent.typed_again import posted_from

INDEX = "admin:operations_alarm_changelist"
SHOWN_ALARMS = 20


@requires(roles.OPERATE_PORTAL)
@require_safe
def index(request):
    """Every check with what to do about it, the alarms, and what was given up."""
    return _page(request, at=timezone.now())


def _page(request, *, at, form=None, status=200):
    examined = examine(CHECKS, at=at)
    order = ["BAD", "WARN", "NEW", "OK"]
    context = {
        **admin.site.each_context(request),
        "title": "运行状况",
        "now": at,
        "state": worst([each.result.state for each in examined]),
        "examined": sorted(examined, key=lambda each: order.index(each.result.state)),
        "unconfirmed": alarms.unconfirmed(examined),
        "bad_count": sum(each.is_to_look_at for each in examined),
        "new_count": sum(each.is_starting for each in examined),
        "kinds": [_listed(kind, form) for kind in retrying.KINDS],
        "alarms": Alarm.objects.order_by("-pk")[:SHOWN_ALARMS],
        "processes": alive(at),
        "runs": TaskRun.objects.order_by("task"),
    }
    return render(request, "operations/index.html", context, status=status)


def _listed(kind, form):
    rows, count = kind.listed()
    is_own = form is not None and form.kind is kind
    own = form if is_own else GivenUpForm(kind=kind)
    return {"kind": kind, "rows": rows, "count": count, "form": own}


@requires(roles.OPERATE_PORTAL)
@posted_from(INDEX)
def handle(request):
    """Try the ticked rows again, or set them aside for a reason."""
    at = timezone.now()
    kind = retrying.kind_of(request.POST.get("kind"))
    if kind is None:
        return redirect(INDEX)
    form = GivenUpForm(request.POST, kind=kind)
    if not form.is_valid():
        return _page(request, at=at, form=form, status=422)
    who = {"by": request.user, "at": at}
    keys = form.cleaned_data["rows"]
    if form.is_set_aside:
        reason = form.cleaned_data["reason"]
        done, refusals = retrying.set_aside(kind=kind, keys=keys, reason=reason, **who)
        words = f"已记下：{done} 个不再重试。"
    else:
        done, refusals = retrying.retry(kind=kind, keys=keys, **who)
        words = f"已重新排队 {done} 个，后台任务马上再办。"
    if done:
        messages.success(request, words)
    for refusal in sorted(set(refusals)):
        messages.error(request, refusal)
    if done + len(refusals) < len(keys):
        messages.info(request, "其余的已由别人处理过。")
    return redirect(INDEX)
