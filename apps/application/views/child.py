"""代未成年子女办理 (manual, figures 7 and 8): which child, the consents, the precheck."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from apps.application import proposals, wards
from apps.application.eligibility import AlreadyRunning
from apps.application.forms import PrecheckForm
from apps.application.offers import to_begin_for
from apps.application.views.access import why_not_here
from apps.application.ward_forms import WardAgreementForm
from apps.cards.models import CardRequest
from apps.common.addresses import page_url, row_url
from apps.common.refusals import Refused
from apps.guardianships.policies import check_may_register
from apps.handout.standing import faces
from apps.lifecycle.offers import refusal_of
from apps.people.family import registrations_of
from apps.people.models import Holder
from apps.requests import destination
from apps.sign_in.recording import client_ip
from apps.unsent.shown import FIELD


@never_cache
@require_safe
def for_child(request):
    """Conditions and steps, open to everybody; after sign-in with the registered children."""
    context: dict = {"rows": [], "waiting": 0}
    if request.user.is_authenticated:
        at = timezone.now()
        bonds = registrations_of(request.user)
        rows = _rows(request.user, at=at)
        context = {
            "rows": rows,
            "waiting": sum(bond.is_waiting for bond in bonds),
            "not_registered": _why_not_registered(request.user, bonds, at=at),
        }
    return render(request, "application/for_child.html", context)


def _why_not_registered(user, bonds, *, at):
    """The `Refused` with which `user`, who has registered `bonds`, may not register a child."""
    return refusal_of(
        check_may_register,
        getattr(user, "holder", None),
        held=sum(not bond.is_refused and bond.ends_at > at for bond in bonds),
        at=at,
    )


def _rows(user, *, at):
    """Each child with the offer to apply for it, or the sentence why not and what helps."""
    children = sorted(_children(user, at=at), key=lambda child: (child.birth_date, child.pk))
    offers = to_begin_for(children, by=user, at=at)
    looks = faces(children, at=at) if children else {}
    return [
        {"child": child, "offer": offers[child.pk], "face": looks[child.pk]} for child in children
    ]


def _children(user, *, at):
    return Holder.objects.visible_to(user, at=at).exclude(user=user)


def _find(request, reference, *, at):
    return get_object_or_404(_children(request.user, at=at), reference=reference)


def _why_closed(user, child, *, at):
    """The `Refused` with which nothing can be filled in for `child` now, said before the consents.

    A draft is gone on with.
    """
    refusal = to_begin_for([child], by=user, at=at)[child.pk].refusal
    running = refusal.card_request if isinstance(refusal, AlreadyRunning) else None
    return None if running is not None and running.is_draft else refusal


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def agreement(request, reference):
    """监护人同意, each box on its own, with a visible way to refuse."""
    at = timezone.now()
    child = _find(request, reference, at=at)
    if why_not := _why_closed(request.user, child, at=at):
        messages.error(request, why_not.message)
        return redirect("application:guide_for_child")
    kinds = wards.agreed_kinds(child, at=at)
    has_agreed = wards.has_agreed(ward=child, user=request.user, at=at)
    form = WardAgreementForm(request.POST if request.method == "POST" else None, kinds=kinds)
    if request.method == "POST" and (has_agreed or form.is_valid()):
        if not has_agreed:
            wards.agree(ward=child, ip=client_ip(request), by=request.user, at=at)
        return _go_on(request, child, at=at)
    context = {"child": child, "form": form, "has_agreed": has_agreed}
    return render(request, "application/child_agreement.html", context)


def _go_on(request, child, *, at):
    """To the form: of the child's draft, or of a new one for the city and bank proposed."""
    draft = _draft(child)
    if draft is not None:
        return redirect("application:form", reference=draft.reference)
    proposed = _proposed(request, child, at=at)
    if proposed is None:
        return redirect("application:child_precheck", reference=child.reference)
    try:
        draft = wards.start(
            ward=child, city=proposed.city, bank=proposed.bank, by=request.user, at=at
        )
    except Refused as refusal:
        known = {"city": proposed.city.pk, "bank": proposed.bank.pk}
        return _page(request, child, PrecheckForm(at=at, initial=known), refusal=refusal)
    return redirect("application:form", reference=draft.reference)


def _proposed(request, child, *, at):
    return proposals.propose([child, request.user.holder], at=at)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def precheck(request, reference):
    """申领资格预校验 for a child: city and bank."""
    at = timezone.now()
    child = _find(request, reference, at=at)
    if why_not := _why_closed(request.user, child, at=at):
        messages.error(request, why_not.message)
        return redirect("application:guide_for_child")
    if not wards.has_agreed(ward=child, user=request.user, at=at):
        messages.info(request, "请先阅读并勾选各项协议，再开始办理。")
        return redirect("application:child_agreement", reference=reference)
    if request.method != "POST":
        known, refusal = _known(request, child, at=at)
        return _page(request, child, PrecheckForm(at=at, initial=known), refusal=refusal)
    form = PrecheckForm(request.POST, at=at)
    if not form.is_valid():
        return _page(request, child, form)
    try:
        draft = wards.start(
            ward=child,
            **form.cleaned_data,
            shown=request.POST.get(FIELD, ""),
            by=request.user,
            at=at,
        )
    except Refused as refusal:
        return _page(request, child, form, refusal=refusal)
    return redirect("application:form", reference=draft.reference)


def _known(request, child, *, at):
    """City and bank of a draft, whichever guardian began it, and why it cannot go on with them."""
    draft = _draft(child)
    if draft is None:
        proposed = _proposed(request, child, at=at)
        known = {"city": proposed.city.pk, "bank": proposed.bank.pk} if proposed else {}
        return known, None
    return {"city": draft.city_id, "bank": draft.bank_id}, why_not_here(request, draft, at=at)


def _draft(child):
    return CardRequest.objects.first_drafts().filter(holder=child).first()


def _page(request, child, form, refusal=None):
    draft = _draft(child)
    context = {
        "form": form,
        "refusal": refusal,
        "shown": destination.carried(request, child, draft, refusal=refusal),
        "holder": child,
        "draft": draft,
        "action": row_url("application:child_precheck", child.reference),
        "back": page_url("application:guide_for_child"),
    }
    return render(request, "application/precheck.html", context)
