from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from apps.application import portraits, services
from apps.application.offers import AMEND, to_resume
from apps.application.views.access import acting, find, is_offered, next_page
from apps.common.refusals import Refused
from apps.requests import registry
from apps.requests.forms import ParticularsForm
from apps.requests.models import Amendment


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@acting
def amend(request, reference, *, at):
    """修改信息 (manual, figures 13 and 14): only what the reviewer named is open."""
    card_request = find(request, reference, at=at)
    amendment = Amendment.objects.filter(card_request=card_request, answered_at=None).first()
    if amendment is None or not is_offered(request, card_request, AMEND, at=at):
        return redirect(next_page(request, card_request, at=at))
    form = amendment_form(
        card_request, amendment, at=at, data=request.POST if request.method == "POST" else None
    )
    if request.method == "POST":
        try:
            services.save_form(card_request=card_request, form=form, by=request.user, at=at)
            if form.is_valid():
                services.amend(card_request=card_request, form=form, by=request.user, at=at)
                messages.success(request, "修改已提交，申请重新受理，不用再缴费。")
                return redirect(card_request)
        except Refused as refusal:
            messages.error(request, refusal.message)
            return redirect(card_request)
    resume = to_resume(card_request, amendment, by=request.user, at=at)
    context = _context(card_request, amendment, form) | {"resume": resume}
    return render(request, "application/amend.html", context)


def amendment_form(card_request, amendment, *, at, data=None):
    saved = card_request.particulars
    return ParticularsForm(
        data,
        particulars=saved,
        at=at,
        topics=amendment.fields,
        has_portrait=portraits.is_answer(saved, amendment),
    )


def _context(card_request, amendment, form):
    topics = [
        {
            "name": item["field"],
            "label": registry.get(item["field"]).label,
            "reason": item["reason"],
            "fields": form.inputs_of(item["field"]),
        }
        for item in amendment.items
    ]
    return {
        "card_request": card_request,
        "particulars": card_request.particulars,
        "amendment": amendment,
        "form": form,
        "topics": topics,
        "opens_portrait": "portrait" in amendment.fields,
    }
