"""The decision page and its buttons.

The admin site wraps each view: only members of the staff may open it, and no cache stores it.
"""

from collections.abc import Callable

from django.contrib import admin, messages
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.cards.enums import RequestAction, RequestStatus
from apps.cards.models import CardRequest
from apps.common import references
from apps.common.moments import day_of
from apps.common.pages import wants_fragment
from apps.common.refusals import Refused
from apps.desk.claims.offers import hold_of
from apps.desk.claims.views import Desk
from apps.desk.colleagues import told
from apps.desk.gates import readers_only, reviewers_only
from apps.desk.looking.services import open_claimed
from apps.inquiries import services as inquiries
from apps.inquiries.models import Inquiry
from apps.inquiries.policies import check_answered
from apps.lifecycle.offers import refusal_of
from apps.lifecycle.refusals import NotAllowed
from apps.queries.together import read_together
from apps.recall.wording import RECALL_SAYS
from apps.requests import registry
from apps.requests.policies import recallable_until
from apps.review import case, filters, offers, preview, queue, second_review, services, wording
from apps.review.forms import (
    AmendmentForm,
    AnswerForm,
    ApproveForm,
    RejectForm,
)
from apps.review.models import FirstApproval
from apps.unsent import typed_again
from apps.unsent.merging import said
from apps.unsent.typed_again import posted_from

FORMS = {
    RequestAction.APPROVE: ApproveForm,
    RequestAction.REQUEST_AMENDMENT: AmendmentForm,
    RequestAction.REJECT: RejectForm,
}
TEMPLATES = {
    RequestAction.APPROVE: "review/decisions/approve.html",
    RequestAction.REQUEST_AMENDMENT: "review/decisions/amend.html",
    RequestAction.REJECT: "review/decisions/reject.html",
}
# The single key that leads to the decision.
KEYS = {
    RequestAction.APPROVE: "a",
    RequestAction.REQUEST_AMENDMENT: "m",
    RequestAction.REJECT: "r",
}
PLACES = (("d", "信息对照"), ("p", "照片"), ("h", "办理记录"))
VERBS: dict[RequestAction, Callable[..., FirstApproval | None]] = {
    RequestAction.APPROVE: services.approve,
    RequestAction.REQUEST_AMENDMENT: services.request_amendment,
    RequestAction.REJECT: services.reject,
}


def _get(reference):
    try:
        return case.get(reference)
    except CardRequest.DoesNotExist as error:
        raise Http404 from error


@readers_only
@require_safe
def detail(request, reference):
    card_request = _get(reference)
    at = timezone.now()
    bound = typed_again.bound(FORMS.values(), card_request=card_request, at=at)
    seen_since = bound and bound["status_since"].value()
    return _page(request, card_request, at=at, bound=bound, seen_since=seen_since)


def _page(request, card_request, *, at, **shown):
    """The page, as `_drawn` says; what nearly every case needs is read with one statement."""
    with read_together(*case.asks(card_request, request.user, at=at)):
        return _drawn(request, card_request, at=at, **shown)


def _drawn(
    request,
    card_request,
    *,
    at,
    bound=None,
    seen_since=None,
    is_disclosed=False,
    previewed=None,
    answer_form=None,
    typed=(),
    **posted,
):
    """The page; `bound` is the form that was posted and did not pass, shown as it was typed.

    `seen_since` is the moment that the posted page showed. It is given when this answer does not
    tell the reviewer of a change since then; else the page shows the present moment. `previewed` is
    the preview that was asked for without JavaScript, `posted` a form of the desk.
    """
    user = request.user
    hold = hold_of(card_request, by=user, at=at)
    first_approval = second_review.first_of(card_request)
    second = refusal_of(second_review.check_may_follow, card_request, first_approval, by=user)
    inquiries_so_far = case.inquiries_of(card_request)
    inquiry = next((each for each in inquiries_so_far if each.is_open), None)
    unanswered = refusal_of(check_answered, card_request) if inquiry else None
    offered = offers.decisions(
        card_request,
        hold,
        by=user,
        at=at,
        second=second,
        unanswered=unanswered,
        is_typed=bound is not None,
    )
    context = {
        **admin.site.each_context(request),
        "title": f"审核申请 {card_request.reference}",
        "card_request": card_request,
        "particulars": card_request.particulars,
        "is_disclosed": is_disclosed,
        "hold": hold,
        "choices": [_choice(offer, card_request, bound, at=at) for offer in offered.open],
        "typed": typed
        or (said(bound) if bound is not None and not _is_offered(bound, offered) else []),
        "opened": bound.prefix if bound is not None else "",
        "previewed": previewed,
        "seen_since": seen_since or card_request.status_since.isoformat(),
        "promise_date": queue.promise_of(card_request),
        "today": day_of(at),
        "answer": inquiry and offers.to_answer(inquiry, hold, at=at),
        "answer_form": answer_form or (AnswerForm() if inquiry else None),
        "first_approval": first_approval,
        "second": second,
        "unanswered": unanswered if offered.open else None,
        "recall": offers.recall(card_request, hold, at=at),
        "recall_until": recallable_until(card_request),
        "recall_says": RECALL_SAYS.get(RequestStatus(card_request.status)),
        "now": at,
        **DESK.around(request, card_request, hold, at=at, **posted),
        **case.round_trip(card_request, user, at=at),
        **case.surroundings(
            card_request, inquiries_so_far, at=at, is_disclosed=is_disclosed, is_mine=hold.is_mine
        ),
    }
    opened = [row.label for row in context["rows"] if row.is_opened]
    if opened:
        open_claimed(
            subject=card_request,
            what="、".join(opened),
            since=hold.claim.claimed_at,
            reason=wording.DIFFERENCES,
            by=user,
            at=at,
        )
    return render(request, "review/case.html", context)


def _is_offered(bound, offered):
    """Whether the decision of the posted form `bound` can still be sent."""
    return any(isinstance(bound, FORMS[offer.action]) for offer in offered.open)


def _discloses():
    return "、".join([*registry.masked_at("case"), "收件信息"])


DESK = Desk(
    prefix="cards_cardrequest",
    get=_get,
    listed=filters.listed,
    show=_page,
    discloses=_discloses,
    places=PLACES,
    waiting=queue.LIST,
)


def _choice(offer, card_request, bound, *, at):
    """An open offer with its form (as it was typed, if it was) and the template that draws both."""
    form = FORMS[offer.action]
    is_typed = isinstance(bound, form)
    return {
        "offer": offer,
        "form": bound if is_typed else form(card_request=card_request, at=at),
        "template": TEMPLATES[offer.action],
        "key": KEYS[offer.action],
    }


def _decide(request, reference, action):
    card_request = _get(reference)
    at = timezone.now()
    form = FORMS[action](request.POST, card_request=card_request, at=at)
    if not form.is_valid():
        seen_since = form["status_since"].value()
        return _page(request, card_request, at=at, bound=form, seen_since=seen_since)
    try:
        first = VERBS[action](card_request=card_request, by=request.user, at=at, **form.decision())
    except Refused as refusal:
        # The page shows the case as it is now. What was typed stays if the form still applies.
        messages.error(request, told(refusal, by=request.user))
        return _page(request, _get(reference), at=at, bound=form)
    messages.success(request, wording.FIRST_OF_TWO if first else wording.done(action))
    return DESK.go_on(request, at=at, after=card_request)


@reviewers_only
@posted_from("admin:cards_cardrequest_change")
def approve(request, reference):
    return _decide(request, reference, RequestAction.APPROVE)


@reviewers_only
@posted_from("admin:cards_cardrequest_change")
def request_amendment(request, reference):
    return _decide(request, reference, RequestAction.REQUEST_AMENDMENT)


@reviewers_only
@posted_from("admin:cards_cardrequest_change")
def reject(request, reference):
    return _decide(request, reference, RequestAction.REJECT)


def _preview(action):
    """What the applicant would read, for a form that may be incomplete. Decides nothing."""

    def view(request, reference):
        card_request = _get(reference)
        at = timezone.now()
        form = FORMS[action](request.POST, card_request=card_request, at=at)
        form.is_valid()
        try:
            previewed = preview.of(card_request, action, by=request.user, at=at, **form.so_far())
        except Refused as refusal:
            previewed = {"refusal": refusal.message}
        if wants_fragment(request):
            return render(request, "review/_preview.html", previewed)
        return _page(
            request,
            card_request,
            at=at,
            bound=form,
            seen_since=form["status_since"].value(),
            previewed=previewed,
        )

    return reviewers_only(posted_from("admin:cards_cardrequest_change")(view))


preview_approval = _preview(RequestAction.APPROVE)
preview_amendment = _preview(RequestAction.REQUEST_AMENDMENT)
preview_rejection = _preview(RequestAction.REJECT)


@reviewers_only
@posted_from("admin:cards_cardrequest_change")
def answer(request, reference):
    """Answer the applicant who asked for a change."""
    card_request = _get(reference)
    at = timezone.now()
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, card_request, at=at, answer_form=form)
    inquiry = get_object_or_404(
        Inquiry.objects.of(card_request).select_related("card_request"),
        reference=references.in_data(request.POST, "inquiry"),
    )
    try:
        inquiries.answer(inquiry=inquiry, text=form.cleaned_data["text"], by=request.user, at=at)
    except Refused as refusal:
        messages.error(request, told(refusal, by=request.user))
        typed = said(form) if isinstance(refusal, NotAllowed) else []
        return _page(request, _get(reference), at=at, answer_form=form, typed=typed)
    messages.success(request, "已答复，申请人会收到通知。")
    return DESK.page(request, card_request)
