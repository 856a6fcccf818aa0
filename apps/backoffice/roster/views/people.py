"""How far the new people of a roster have come."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.backoffice.roster import funnel
from apps.backoffice.roster.views import (
    PER_PAGE,
    get_upload,
    page_context,
    roster_managers,
    roster_readers,
)
from apps.common.refusals import Refused
from apps.desk.colleagues import told
from apps.roster import invitations
from apps.unsent.typed_again import posted_from


@roster_readers
@require_safe
def progress(request, reference):
    """The funnel of the batch, and who stands at the step asked for."""
    found = get_upload(reference)
    bars = funnel.bars(found)
    step = _step(request.GET.get("step"), bars)
    page = Paginator(funnel.standing_at(found, step), PER_PAGE).get_page(request.GET.get("page"))
    context = page_context(
        request,
        "新进人员办到哪一步",
        upload=found,
        application=found.application,
        bars=bars,
        step=step,
        query=f"step={step.value}",
        waits_for=funnel.WAITS_FOR[step],
        page=page,
        can_resend=step.awaits_sign_in,
    )
    return render(request, "backoffice/roster/progress.html", context)


def _step(wanted, bars):
    """The step asked for, else the first at which somebody stands."""
    try:
        return funnel.FunnelStep(int(wanted))
    except (TypeError, ValueError):
        return next((bar.step for bar in bars if bar.standing), funnel.FunnelStep.ADDED)


@roster_managers
@posted_from("admin:roster_rosterupload_progress")
def resend(request, reference, person):
    """Send the invitation of a new person, by the person's reference, again."""
    found = get_upload(reference)
    holder = get_object_or_404(funnel.new_people(found), reference=person)
    invitation = holder.user.invitations.live().select_related("user").first()
    at = timezone.now()
    try:
        if invitation is None:
            invitations.invite(user=holder.user, upload=found, at=at)
        else:
            invitations.resend(invitation=invitation, by=request.user, at=at)
    except Refused as refusal:
        messages.error(request, told(refusal, by=request.user))
    else:
        messages.success(request, "邀请短信将在一分钟内重新发出，之前的链接作废。")
    back = redirect("admin:roster_rosterupload_progress", reference)
    back["Location"] += f"?step={holder.step}"
    return back
