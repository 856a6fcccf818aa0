"""The decision page of a guardianship, and the pictures that prove it.

The admin site wraps each view: only members of the staff may open it, and no cache stores it.
"""

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.common.refusals import Refused
from apps.common.served_files import picture_response
from apps.desk import event_kinds
from apps.desk.claims import walk
from apps.desk.claims.live import with_marks
from apps.desk.claims.offers import hold_of
from apps.desk.claims.views import Desk
from apps.desk.colleagues import told
from apps.desk.event_kinds import CaseAction
from apps.desk.gates import readers_only, reviewers_only
from apps.desk.looking.services import open_claimed
from apps.events.models import Event
from apps.guardianships import services as guardianships
from apps.guardianships.lateness import DECISION
from apps.lateness.promises import promised_days
from apps.people.enums import GuardianshipAction, GuardianshipStatus
from apps.people.models import Guardianship, GuardianshipProof
from apps.people.permissions import without_party
from apps.review import services
from apps.review.children import offers
from apps.review.children.forms import RefusalForm
from apps.review.wording import REGISTERED
from apps.unsent import typed_again
from apps.unsent.merging import said
from apps.unsent.typed_again import posted_from

WHAT_IS_DISCLOSED = "孩子的社会保障号码、出生日期、监护人的手机号、监护证明影像"
TEMPLATES = {
    GuardianshipAction.CONFIRM: "review/children/confirm.html",
    GuardianshipAction.REFUSE: "review/children/refuse.html",
}

# The single key that leads to the decision.
KEYS = {GuardianshipAction.CONFIRM: "a", GuardianshipAction.REFUSE: "r"}
PLACES = (("d", "登记的内容"), ("h", "这个孩子的其他登记"))


def _get(reference):
    related = with_marks(Guardianship.objects.all()).select_related("guardian__user", "ward")
    return get_object_or_404(related, reference=reference)


@readers_only
@require_safe
def detail(request, reference):
    form = typed_again.bound([RefusalForm])
    return _page(request, _get(reference), at=timezone.now(), form=form)


def _page(
    request,
    guardianship,
    *,
    at,
    form=None,
    is_disclosed=False,
    **posted,
):
    hold = hold_of(guardianship, by=request.user, at=at)
    offered = offers.decisions(
        guardianship, hold, by=request.user, at=at, is_typed=form is not None
    )
    same_child = Guardianship.objects.filter(ward=guardianship.ward).exclude(pk=guardianship.pk)
    others = list(same_child.select_related("guardian").order_by("-pk"))
    decisions = guardianships.decisions(guardianships=[guardianship, *others])
    waiting = [guardianship] if guardianship.is_waiting else []
    is_opened = hold.is_mine and not is_disclosed
    if is_opened:
        open_claimed(
            subject=guardianship,
            what=WHAT_IS_DISCLOSED,
            reason=REGISTERED,
            # The pictures are shown for so long after a look.
            since=max(hold.claim.claimed_at, at - settings.PROOF_LOOK_LIFETIME),
            by=request.user,
            at=at,
        )
    context = {
        **admin.site.each_context(request),
        "title": f"监护关系 {guardianship.reference}",
        "guardianship": guardianship,
        "hold": hold,
        "choices": [
            {"offer": offer, "template": TEMPLATES[offer.action], "key": KEYS[offer.action]}
            for offer in offered.open
        ],
        "form": form or RefusalForm(),
        "typed": said(form) if form is not None and not offered.open else [],
        "is_disclosed": is_disclosed or is_opened,
        "is_opened": is_opened,
        "proofs": guardianship.proofs.order_by("number"),
        "status": guardianship.status_at(at),
        "promised": promised_days(DECISION, waiting, at=at).get(guardianship.pk),
        "others": [(other, other.status_at(at), decisions.get(other.pk)) for other in others],
        "decision": decisions.get(guardianship.pk),
        **DESK.around(request, guardianship, hold, at=at, **posted),
    }
    return render(request, "review/guardianship.html", context)


def waiting_for(user):
    """The registrations that `user` may decide, the oldest first."""
    return without_party(Guardianship.objects.waiting(), user).order_by("created_at", "pk")


def listed(query, *, by, at):
    """The `Listed` registrations of the list with the query string `query`, for `by`."""
    return walk.by_state(
        query,
        opens_on=GuardianshipStatus.WAITING,
        waiting=waiting_for(by),
        since="created_at",
        by=by,
        at=at,
    )


DESK = Desk(
    prefix="people_guardianship",
    get=_get,
    listed=listed,
    show=_page,
    discloses=lambda: WHAT_IS_DISCLOSED,
    places=PLACES,
)


@reviewers_only
@posted_from("admin:people_guardianship_change")
def confirm(request, reference):
    guardianship = _get(reference)
    at = timezone.now()
    try:
        services.confirm_guardianship(guardianship=guardianship, by=request.user, at=at)
    except Refused as refusal:
        messages.error(request, told(refusal, by=request.user))
        return DESK.page(request, guardianship)
    messages.success(request, "已确认，登记人现在可以代孩子办理。")
    return DESK.go_on(request, at=at, after=guardianship)


@reviewers_only
@posted_from("admin:people_guardianship_change")
def refuse(request, reference):
    guardianship = _get(reference)
    at = timezone.now()
    form = RefusalForm(request.POST)
    if not form.is_valid():
        return _page(request, guardianship, at=at, form=form)
    try:
        services.refuse_guardianship(
            guardianship=guardianship,
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=at,
        )
    except Refused as refusal:
        messages.error(request, told(refusal, by=request.user))
        return _page(request, guardianship, at=at, form=form)
    again = "；按原因补好，可以重新登记" if guardianship.ends_at > at else ""
    messages.success(request, f"没有确认，登记人会看到原因{again}。")
    return DESK.go_on(request, at=at, after=guardianship)


@readers_only
@require_safe
def proof(request, reference, number):
    """One picture, for a reviewer who has looked at the registration or at a request of the child.

    Looked means: with a reason, which is in the book of events.
    """
    found = get_object_or_404(
        GuardianshipProof.objects.select_related("guardianship"),
        guardianship__reference=reference,
        number=number,
    )
    guardianship = found.guardianship
    looks = Event.objects.filter(
        Q(subject_kind=event_kinds.GUARDIANSHIP.name, subject_id=guardianship.pk)
        | Q(subject_kind=event_kinds.REQUEST.name, holder_id=guardianship.ward_id),
        action=CaseAction.LOOK,
        by=request.user,
        at__gt=timezone.now() - settings.PROOF_LOOK_LIFETIME,
    )
    if not looks.exists():
        raise Http404
    return picture_response(found.picture)
