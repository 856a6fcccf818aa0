from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.application import proposals, services
from apps.application.eligibility import AlreadyRunning
from apps.application.forms import PrecheckForm
from apps.application.offers import RELATED, changes_of, offers_to, to_begin_oneself
from apps.application.policies import needed_kinds
from apps.application.views.access import why_not_here
from apps.cards.models import CardRequest
from apps.cards.permissions import role_of_visible
from apps.common.addresses import page_url
from apps.common.moments import day_of
from apps.common.refusals import Refused
from apps.handout import standing as unit
from apps.people.forms import AgreementForm
from apps.people.services import withdrawn_kinds
from apps.regions import wording
from apps.regions.enums import Service
from apps.regions.models import CityRule
from apps.requests import destination, promises
from apps.sign_in.recording import client_ip
from apps.unsent.shown import FIELD
from apps.unsent.typed_again import open_to_visitors

RECORDS_SHOWN = 5


@open_to_visitors
@require_http_methods(["GET", "HEAD", "POST"])
def guide(request):
    """办事指南 (manual, figures 3, 5 and 13): open to all; starting asks to sign in."""
    at = timezone.now()
    if request.method == "POST":
        return _begin(request, at=at)
    return _guide_page(request, AgreementForm(), at=at)


def _begin(request, *, at):
    """Store the consents, unless they stand already, and open the draft with what is proposed."""
    if not request.user.is_authenticated:
        return redirect_to_login(page_url("application:guide"))
    if not services.has_agreed(user=request.user):
        form = AgreementForm(request.POST)
        if form.is_untouched or not form.is_valid():
            shown = AgreementForm() if form.is_untouched else form
            return render(request, "application/agreement.html", {"form": shown})
        try:
            services.agree(ip=client_ip(request), by=request.user, at=at)
        except Refused as refusal:
            return _guide_page(request, form, at=at, refusal=refusal)
    return _go_on(request, at=at)


def _go_on(request, *, at):
    """To the form: of the draft there is, or of a new one for the city and bank proposed."""
    draft = _draft(request.user, at=at)
    if draft is not None and not draft.begins_anew(at):
        return redirect("application:form", reference=draft.reference)
    proposed = proposals.propose([request.user.holder], at=at)
    if proposed is None:
        return redirect("application:precheck")
    try:
        draft = services.start(city=proposed.city, bank=proposed.bank, by=request.user, at=at)
    except Refused as refusal:
        return _guide_page(request, AgreementForm(), at=at, refusal=refusal)
    return redirect("application:form", reference=draft.reference)


def _guide_page(request, form, *, at, refusal=None):
    records = []
    if request.user.is_authenticated:
        records = list(
            CardRequest.objects.visible_to(request.user, at=at)
            .first_cards()
            .select_related("city__province", "bank", *RELATED)
            .order_by("-pk")[:RECORDS_SHOWN]
        )
    changes = changes_of(records, by=request.user, at=at)
    stages = unit.stages(records, at=at)
    rows = [
        (
            record,
            offers_to(role_of_visible(request.user, record.holder), record, at=at),
            changes[record.pk].open,
            stages[record.pk],
        )
        for record in records
    ]
    begin = to_begin_oneself(request.user, at=at) if request.user.is_authenticated else None
    agrees_again = _agrees_again(request.user, begin)
    can_begin = bool(begin and begin.is_open)
    proposed = proposals.propose([request.user.holder], at=at) if can_begin else None
    rules = CityRule.objects.offering(Service.APPLY, day_of(at))
    context = {
        "form": form,
        "has_agreed": can_begin and services.has_agreed(user=request.user),
        "proposed": proposed,
        "rows": rows,
        "begin": begin,
        "agrees_again": agrees_again,
        "refusal": refusal,
        "usual": promises.usual_totals(),
        "terms": wording.ranges(rules),
        "collecting": wording.collecting(rules.filter(city=proposed.city) if proposed else rules),
    }
    return render(request, "application/guide.html", context)


def _agrees_again(user, begin):
    """Whether somebody with a draft took a consent back, and has to give it to go on."""
    refusal = begin.refusal if begin else None
    draft = refusal.card_request if isinstance(refusal, AlreadyRunning) else None
    if draft is None or not draft.is_draft:
        return False
    return bool(needed_kinds(withdrawn_kinds(user=user, holder=draft.holder)))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def precheck(request):
    """申领资格预校验 (manual, figure 6): another city or bank, or a refusal with its next step."""
    at = timezone.now()
    if not services.has_agreed(user=request.user):
        messages.info(request, "请先阅读并勾选各项协议，再开始办理。")
        return redirect("application:guide")
    if request.method != "POST":
        known, refusal = _known(request, at=at)
        return _precheck_page(request, PrecheckForm(at=at, initial=known), at=at, refusal=refusal)
    form = PrecheckForm(request.POST, at=at)
    if not form.is_valid():
        return _precheck_page(request, form, at=at)
    try:
        draft = services.start(
            **form.cleaned_data, shown=request.POST.get(FIELD, ""), by=request.user, at=at
        )
    except Refused as refusal:
        return _precheck_page(request, form, at=at, refusal=refusal)
    return redirect("application:form", reference=draft.reference)


def _known(request, *, at):
    """City and bank of a draft that is being continued, and why it cannot be; else of a link, or
    as they are proposed."""
    draft = _draft(request.user, at=at)
    if draft is not None:
        known = {"city": draft.city_id, "bank": draft.bank_id}
        return known, why_not_here(request, draft, at=at)
    city = request.GET.get("city", "")[:6]
    proposed = proposals.propose([request.user.holder], at=at)
    if city or proposed is None:
        return {"city": city}, None
    return {"city": proposed.city.pk, "bank": proposed.bank.pk}, None


def _draft(user, *, at):
    drafts = CardRequest.objects.first_drafts().visible_to(user, at=at)
    return drafts.filter(holder__user=user).first()


def _precheck_page(request, form, *, at, refusal=None):
    draft = _draft(request.user, at=at)
    carried = destination.carried(request, request.user.holder, draft, refusal=refusal)
    context = {
        "form": form,
        "refusal": refusal,
        "shown": carried,
        "holder": request.user.holder,
        "draft": draft,
        "action": request.path,
        "back": page_url("application:guide"),
    }
    return render(request, "application/precheck.html", context)


@login_required
@require_safe
def banks(request):
    """The bank field for the city that was just chosen."""
    city = request.GET.get("city", "")[:6]
    form = PrecheckForm(at=timezone.now(), initial={"city": city})
    return render(request, "application/_bank.html", {"form": form})
