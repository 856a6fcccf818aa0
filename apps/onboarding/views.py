"""The pages: who stands where, the dry run of a reminder, and how it goes."""

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.common.gone import WhatIsGone, get_or_gone
from apps.common.nudges import nudge
from apps.common.pages import page_or_fragment
from apps.common.refusals import Refused
from apps.desk import roles
from apps.desk.colleagues import told
from apps.desk.gates import readers_only, requires, reviewers_only
from apps.invitations import funnel
from apps.invitations import services as invitations
from apps.invitations.funnel import FunnelStep
from apps.notices import quiet_hours
from apps.onboarding import lists, services, tasks
from apps.onboarding.enums import REMINDED_OF, ReminderOutcome, ReminderRunAction
from apps.onboarding.forms import PrepareForm, StartForm
from apps.onboarding.models import ReminderRun
from apps.onboarding.offers import offers
from apps.roster import inviting
from apps.roster.models import RosterRow
from apps.unsent.typed_again import posted_from

PAGE = "admin:onboarding_reminderrun_change"
PROGRESS = "admin:onboarding_reminderrun_progress"
PER_PAGE = 50
SECONDS_BETWEEN_LOOKS = 2
_GONE = WhatIsGone(
    "这次提醒的名单已经没有了",
    "没有发出的，放弃以后就删除；发出的，名单到期删除，发过的短信仍在各人的消息里。",
    "看谁办到哪一步",
    PROGRESS,
)


@readers_only
@require_safe
def progress(request):
    """How many people of the choice in the address stand at each step, and who they are."""
    choices = lists.choices()
    choice = lists.chosen(request.GET.get("people"), choices)
    everybody = choice.visible_to(request.user)
    pictures = lists.with_picture(everybody)
    is_with_picture = request.GET.get("picture") == "1"
    if is_with_picture:
        everybody = pictures
    bars = funnel.bars(everybody)
    step = _step(request.GET.get("step"), bars)
    standing = funnel.standing_at(lists.marked(everybody), step)
    page = Paginator(standing, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        **admin.site.each_context(request),
        "title": "新入职办卡进展",
        "choices": choices,
        "choice": choice,
        "bars": bars,
        "total": sum(bar.standing for bar in bars),
        "step": step,
        "waits_for": funnel.WAITS_FOR[step],
        "page": page,
        "query": _query(choice, step, is_with_picture),
        "is_with_picture": is_with_picture,
        "pictures": pictures.count(),
        "every_step": _query(choice, "", False),
        "every_picture": _query(choice, "", True),
        "can_remind": step in REMINDED_OF and request.user.has_perm(roles.DECIDE),
        "can_resend": choice.upload is not None
        and step.awaits_sign_in
        and request.user.has_perm(roles.MANAGE_ROSTER),
    }
    return render(request, "onboarding/progress.html", context)


def _query(choice, step, is_with_picture):
    address = lists.address_of(choice.value, step=step, is_with_picture=is_with_picture)
    return address.partition("?")[2]


def _step(wanted, bars):
    """The step asked for, else the first at which somebody stands and has to act, else any."""
    if wanted in FunnelStep.values:
        return FunnelStep(wanted)
    standing = [bar.step for bar in bars if bar.standing]
    acting = [step for step in standing if step in REMINDED_OF]
    return next(iter(acting or standing), FunnelStep.ADDED)


@reviewers_only
@posted_from(PROGRESS)
def prepare(request):
    """The dry run: nobody is told before it is confirmed."""
    form = PrepareForm(request.POST)
    choices = {choice.value: choice for choice in lists.choices()}
    choice = choices.get(form["people"].value() or "")
    if not form.is_valid() or choice is None:
        messages.error(request, "请重新选择人员和步骤。")
        return redirect(PROGRESS)
    step = form.cleaned_data["step"]
    people, words = choice.visible_to(request.user), choice.words
    if form.cleaned_data["picture"]:
        people, words = lists.with_picture(people), f"{words}，已有单位照片"
    try:
        run = services.prepare(
            people=people,
            step=step,
            chosen=words,
            query=choice.value,
            by=request.user,
            at=timezone.now(),
        )
    except Refused as refusal:
        messages.error(request, told(refusal, by=request.user))
        return redirect(lists.address_of(choice.value, step=step))
    return redirect(PAGE, run.reference)


@readers_only
@require_safe
def detail(request, reference):
    """The present state of a run. htmx polls it while the worker has something to do."""
    run = get_or_gone(ReminderRun.objects.select_related("by__holder"), _GONE, reference=reference)
    at = timezone.now()
    counts = run.rows.counts()
    outcome = request.GET.get("outcome", "")
    rows = run.rows.select_related("holder__user").order_by("outcome", "reason", "pk")
    if outcome in ReminderOutcome.values:
        rows = rows.filter(outcome=outcome)
    total = sum(counts.values())
    rings_at = quiet_hours.after(at)
    happened = {event.action: event for event in run.events}
    context = {
        **admin.site.each_context(request),
        "title": f"提醒停在「{run.get_step_display()}」的人",
        "run": run,
        "back": lists.address_of(run.query, step=run.step),
        "counts": [(each, each.label, counts[each]) for each in ReminderOutcome if each in counts],
        "reasons": run.rows.reasons(),
        "waiting": counts.get(ReminderOutcome.WAITING, 0),
        "left_out": counts.get(ReminderOutcome.LEFT_OUT, 0),
        "done": counts.get(ReminderOutcome.DONE, 0),
        "total": total,
        "outcome": outcome,
        "rings_at": rings_at if rings_at != at else None,
        "started": happened.get(ReminderRunAction.START),
        "finished": happened.get(ReminderRunAction.FINISH),
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "query": f"outcome={outcome}" if outcome else "",
        "interval": SECONDS_BETWEEN_LOOKS if run.is_under_way else None,
        "offers": offers(run, by=request.user, at=at, counts=counts),
    }
    return page_or_fragment(
        request, page="onboarding/run.html", fragment="onboarding/_run.html", context=context
    )


@reviewers_only
@posted_from(PAGE)
def start(request, reference):
    run = get_or_gone(ReminderRun.objects.all(), _GONE, reference=reference)
    form = StartForm(request.POST)
    seen = form.cleaned_data["seen"] if form.is_valid() else None
    try:
        services.start(run=run, seen=seen, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, told(refusal, by=request.user))
    else:
        nudge(tasks.work_off_runs)
        messages.success(request, "正在提醒，可以离开这一页。")
    return redirect(PAGE, reference)


@reviewers_only
@posted_from(PAGE)
def discard(request, reference):
    run = get_or_gone(ReminderRun.objects.all(), _GONE, reference=reference)
    back = lists.address_of(run.query, step=run.step)
    try:
        services.discard(run=run, by=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, told(refusal, by=request.user))
        return redirect(PAGE, reference)
    messages.success(request, "没有提醒任何人。")
    return redirect(back)


@requires(roles.MANAGE_ROSTER)
@posted_from(PROGRESS)
def resend(request, person):
    """Send the invitation of one new person, by the person's reference, again."""
    entered = RosterRow.objects.entered().filter(holder__reference=person)
    row = get_object_or_404(entered.select_related("holder__user", "upload").order_by("-pk")[:1])
    invitation = row.holder.user.invitations.live().select_related("user").first()
    at = timezone.now()
    try:
        if invitation is None:
            inviting.invite(user=row.holder.user, upload=row.upload, at=at)
        else:
            invitations.resend(invitation=invitation, by=request.user, at=at)
    except Refused as refusal:
        messages.error(request, told(refusal, by=request.user))
    else:
        messages.success(request, "邀请短信将在一分钟内重新发出，之前的链接作废。")
    return redirect(lists.address_of(f"roster:{row.upload.reference}"))
