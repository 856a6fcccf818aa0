"""Hand-out days: where and when, for whom."""

from functools import partial

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.common.moments import day_of
from apps.common.nudges import nudge
from apps.common.refusals import Refused
from apps.desk.colleagues import told
from apps.desk.forms import as_read
from apps.handout import arranging, tasks
from apps.handout.models import HandOutDay
from apps.handout.standing import hours
from apps.handout_desk.forms import DayForm
from apps.handout_desk.views.pages import attempt, handers_only, show
from apps.unsent.merging import said
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
            messages.success(
                request, "已安排。卡已到、还没有领卡时间的人马上收到通知，以后到的也会通知。"
            )
            return redirect(INDEX)
    return show(request, "handout_desk/day.html", title="安排领卡", form=form, day=None)


@handers_only
@require_http_methods(["GET", "HEAD", "POST"])
def change(request, reference):
    at = timezone.now()
    day = get_object_or_404(HandOutDay.objects.select_related("department"), reference=reference)
    form_of_row = as_read(
        DayForm,
        about=f"hand_out_day:{day.pk}",
        saved_last=lambda: _saved_last(day),
        reader=request.user,
    )
    data = request.POST if request.method == "POST" else None
    form = form_of_row(data, initial=_initial(day))
    del form.fields["department"]
    if form.is_valid() and _saved(request, form, partial(arranging.change, day=day), at=at):
        messages.success(request, "已改，会重新通知每个人。")
        return redirect(INDEX)
    day.refresh_from_db()
    is_over = day.is_over(at)
    context = {"form": form, "day": day, "is_over": is_over}
    context["typed"] = said(form) if form.is_bound and is_over else []
    return show(request, "handout_desk/day.html", title=f"{day.whose}领卡", **context)


def _saved_last(day):
    """(user, moment) of who arranged or changed `day` last."""
    event = day.events.select_related("by__holder").last()
    return event.by, event.at


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
        words = told(refusal, by=request.user)
        form.add_error("ends" if refusal.code == "order" else "date", words)
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
