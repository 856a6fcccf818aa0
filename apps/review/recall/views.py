"""Recalls a decision."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from apps.cards.enums import RequestStatus
from apps.cards.models import CardRequest
from apps.common import moments
from apps.common.refusals import Refused
from apps.desk.claims import services as claims
from apps.desk.colleagues import told
from apps.desk.gates import reviewers_only
from apps.review import services
from apps.review.views import DESK
from apps.unsent.typed_again import posted_from

DONE = {
    RequestStatus.APPROVED: "已撤回审核通过，这件申请没有送往制卡中心，申请人没有收到通知。",
    RequestStatus.NEEDS_AMENDMENT: "已撤回退回修改，申请人没有收到通知，不用修改。",
    RequestStatus.REJECTED: "已撤回审核不通过，申请人没有收到通知，已付的款项没有退。",
}


@reviewers_only
@posted_from("admin:cards_cardrequest_change")
def recall(request, reference):
    """Recall the decision, and claim the case for this reviewer."""
    card_request = get_object_or_404(CardRequest.objects.submitted(), reference=reference)
    seen_since = moments.parse(request.POST.get("status_since", ""))
    if seen_since is None:
        raise Http404
    done = DONE.get(RequestStatus(card_request.status), "")
    at = timezone.now()
    try:
        services.recall(card_request=card_request, seen_since=seen_since, by=request.user, at=at)
    except Refused as refusal:
        messages.error(request, told(refusal, by=request.user))
        return DESK.page(request, card_request)
    messages.success(request, done)
    card_request.refresh_from_db()
    try:
        claims.claim(subject=card_request, by=request.user, at=at)
    except Refused as refusal:
        messages.warning(request, told(refusal, by=request.user))
    return DESK.page(request, card_request)
