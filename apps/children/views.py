from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from apps.children.forms import RegistrationForm
from apps.children.offers import to_apply, to_register
from apps.common.moments import day_of
from apps.common.refusals import Refused
from apps.common.rules import rule_text
from apps.common.served_files import picture_response
from apps.common.stored_files import NotStored
from apps.guardianships import services as guardianships
from apps.guardianships.lateness import DECISION
from apps.handout.standing import faces
from apps.lateness.promises import promised_days
from apps.limits.enums import UploadKind
from apps.limits.services import count_upload
from apps.people.enums import GuardianshipAction, GuardianshipStatus
from apps.people.family import remember
from apps.people.models import Guardianship, GuardianshipProof
from apps.sign_in.recording import client_ip

# Status of a guardianship → what the page says about it.
SAID = {
    GuardianshipStatus.WAITING: "children/guardianships/waiting.html",
    GuardianshipStatus.CONFIRMED: "children/guardianships/confirmed.html",
    GuardianshipStatus.REFUSED: "children/guardianships/refused.html",
    GuardianshipStatus.ENDED: "children/guardianships/ended.html",
}
DECIDED = {
    GuardianshipAction.CONFIRM: "确认时间",
    GuardianshipAction.REFUSE: "答复时间",
}


@login_required
@require_safe
def index(request):
    """我的子女: every registration of the user with its state, the newest of each child."""
    at = timezone.now()
    made = list(
        Guardianship.objects.visible_to(request.user)
        .select_related("guardian", "ward")
        .prefetch_related("proofs")
        .order_by("-pk")
    )
    remember(request.user, made)
    registrations: dict[int, Guardianship] = {}
    for guardianship in made:
        registrations.setdefault(guardianship.ward_id, guardianship)
    decisions = guardianships.decisions(guardianships=registrations.values())
    guardian = made[0].guardian if made else _guardian(request.user)
    register = to_register(guardian, registrations=made, at=at)
    wards = [
        guardianship.ward
        for guardianship in registrations.values()
        if guardianship.is_confirmed_at(at)
    ]
    apply = to_apply(wards, by=request.user, at=at)
    looks = faces(wards, at=at) if wards else {}
    rows = [
        _row(guardianship, decisions.get(guardianship.pk), at=at)
        for guardianship in registrations.values()
    ]
    waiting = [row["guardianship"] for row in rows if row["guardianship"].is_waiting]
    days = promised_days(DECISION, waiting, at=at)
    for row in rows:
        row["apply"] = apply.get(row["guardianship"].ward_id)
        row["face"] = looks.get(row["guardianship"].ward_id)
        row["promised"] = days.get(row["guardianship"].pk)
    operator = settings.PORTAL_OPERATOR["contact"]
    context = {"rows": rows, "register": register, "operator": operator}
    return render(request, "children/list.html", context)


def _guardian(user):
    return getattr(user, "holder", None)


def _row(guardianship, decision, *, at):
    day = day_of(at)
    ends = day_of(guardianship.ends_at)
    is_grown_up = guardianship.ends_at <= at
    # Once the child is 16, a registration that still waits cannot be confirmed.
    is_over = is_grown_up and not guardianship.is_refused
    status = GuardianshipStatus.ENDED if is_over else guardianship.status_at(at)
    return {
        "guardianship": guardianship,
        "status": status,
        "page": SAID[status],
        "decided": decision and DECIDED[decision.action],
        "decided_at": decision and decision.at,
        "is_grown_up": is_grown_up,
        "is_handed_over": guardianship.is_handed_over_at(at),
        "ends_soon": day < ends <= day + settings.GUARDIAN_END_NOTICE,
        "ends_date": ends,
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def register(request):
    """登记子女: who the child is, the proof, and the guardian's consent."""
    at = timezone.now()
    guardian = _guardian(request.user)
    made = list(Guardianship.objects.visible_to(request.user))
    offer = to_register(guardian, registrations=made, at=at)
    if not offer.is_open:
        messages.error(request, offer.why_not)
        return redirect("children:list")
    if request.method != "POST":
        return _register_page(request, RegistrationForm(guardian=guardian, at=at))
    form = RegistrationForm(
        request.POST,
        request.FILES,
        guardian=guardian,
        at=at,
        count_pictures=lambda number: count_upload(
            kind=UploadKind.PICTURE, by=request.user, at=at, number=number
        ),
    )
    if not form.is_valid():
        return _register_page(request, form)
    try:
        guardianships.register(**form.answers(), ip=client_ip(request), by=request.user, at=at)
    except NotStored as refusal:
        form.add_error("pictures", ValidationError(refusal.message, code=refusal.code))
        return _register_page(request, form)
    except Refused as refusal:
        return _register_page(request, form, refusal=refusal)
    messages.success(
        request, f"已登记，人事处{rule_text('REVIEW_WORKING_DAYS')}内核对证明，有结果会通知您。"
    )
    return redirect("children:list")


def _register_page(request, form, refusal=None):
    return render(request, "children/register.html", {"form": form, "refusal": refusal})


@login_required
@require_safe
def declined(request):
    """不同意: stores nothing, and says where to get a child's card without the portal."""
    return render(request, "children/declined.html")


@login_required
@require_safe
@cache_control(private=True, no_store=True)
def proof(request, reference, number):
    """One picture of an own registration; another guardian of the same child sees theirs only."""
    registrations = Guardianship.objects.visible_to(request.user)
    picture = get_object_or_404(
        GuardianshipProof, guardianship__in=registrations.filter(reference=reference), number=number
    ).picture
    return picture_response(picture)
