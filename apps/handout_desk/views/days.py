"""Hand-out days: where and when, for whom."""

from functools import partial

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.common.moments import day_of
from apps.common.nudges import nudge
from apps.common.refusals import Refused
from apps.handout import arranging, tasks
from apps.handout.models import HandOutDay
from apps.handout.standing import hours
from apps.handout_desk.forms import DayForm
from apps.handout_desk.views.pages import attempt, handers_only, show
from apps.unsent.typed_again import posted_from

INDEX = "admin:handout_handoutday_changelist"
PAGE = "admin:handout_handoutday_change"


@handers_only
@require_safe
def index(request):
    at = timezone.now()
    days = list(arranging.ahead(at))
    over = HandOutDay.objects.exclude(pk__in=[day.pk for day in days])
    return show(
        request,
        "handout_desk/days.html",
        title="领卡时间",
        days=[(day, hours(day), arranging.to_invite(day, at=at).count()) for day in days],
        over=[(day, hours(day), day.status_at(at)) for day in _latest(over)],
    )


def _latest(days):
    return days.select_related("department").order_by("-starts_at")[:20]


@handers_only
@require_http_methods(["GET", "HEAD", "POST"])
def arrange(request):
    at, form = timezone.now(), DayForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        verb = partial(arranging.arrange, department=form.cleaned_data["department"])
        if _saved(request, form, verb, at=at):
            messages.success(request, "已安排，会马上通知卡已到的人；以后到的卡也会通知。")
            return redirect(INDEX)
    return show(request, "handout_desk/day.html", title="安排领卡", form=form, day=None)


@handers_only
@require_http_methods(["GET", "HEAD", "POST"])
def change(request, reference):
    at = timezone.now()
    day = get_object_or_404(HandOutDay.objects.select_related("department"), reference=reference)
    form = DayForm(request.POST or None, initial=_initial(day))
    del form.fields["department"]
    if request.method == "POST" and request.POST.get("seen") != _version(day):
        messages.error(request, "刚刚有同事改过这次领卡，请看过新的内容再改。")
        return redirect(PAGE, reference)
    is_valid = request.method == "POST" and form.is_valid()
    if is_valid and _saved(request, form, partial(arranging.change, day=day), at=at):
        messages.success(request, "已改，会重新通知每个人。")
        return redirect(INDEX)
    is_over = day.is_over(at)
    context = {"form": form, "day": day, "is_over": is_over, "seen": _version(day)}
    return show(request, "handout_desk/day.html", title=f"{day.whose}领卡", **context)


def _version(day):
    """What the page carries, so that nothing is changed that somebody else has changed since."""
    return day.changed_at.isoformat()


def _initial(day):
    begins, ends = timezone.localtime(day.starts_at), timezone.localtime(day.ends_at)
    return {
        "date": day_of(day.starts_at),
        "begins": begins.time(),
        "ends": ends.time(),
        "place": day.place,
    }


def _saved(request, form, verb, *, at):
    """Call `verb` with what was filled in; a refusal stands beside the date."""
    try:
        verb(**form.when_and_where(), by=request.user, at=at)
    except Refused as refusal:
        form.add_error("ends" if refusal.code == "order" else "date", refusal.message)
        return False
    nudge(tasks.advance_boxes)
    return True


@handers_only
@posted_from(PAGE)
def call_off(request, reference):
    day = get_object_or_404(HandOutDay, reference=reference)
    verb = partial(arranging.call_off, day=day, by=request.user, at=timezone.now())
    attempt(request, verb, done="已取消，会通知已经告诉过的人。")
    return redirect(INDEX)
