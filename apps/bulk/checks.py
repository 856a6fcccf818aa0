"""Finds the requests on which a decision can't be made in bulk, for all of them at once.

Both the dry run and the run use it. The services that decide check again.
"""

from apps.bulk.models import ContactPrint
from apps.cards.enums import RequestAction
from apps.desk.claims.offers import holds_of
from apps.desk.colleagues import named
from apps.events.enums import Role
from apps.lifecycle import engine
from apps.requests import registry
from apps.requests.particulars import missing_columns, topics_of
from apps.risks import finding as risks

# The relations that `why_not` reads.
RELATED = ("particulars", "holder", "applicant")


def why_not(requests, *, action, what, by, at, shown=None):
    """Request pk → a sentence, for those of `requests` on which `by` can't decide `action`.

    `what` are the arguments of the decision, as items of an amendment. The number of queries does
    not depend on that of the requests. Select `RELATED` along. `shown`, {(pk, status_since)}, is
    given for a page that is about to show the pictures.
    """
    is_approval = action == RequestAction.APPROVE
    found_risks = risks.for_requests(requests) if is_approval else {}
    if shown is None and is_approval:
        shown = _shown(requests, by=by)
    found = {}
    for card_request, hold in zip(requests, holds_of(requests, away="", by=by, at=at), strict=True):
        reason = (
            _of_status(card_request, action, at=at)
            or (hold.barred and hold.barred.message)
            or _of_holder(hold)
            or (is_approval and _of_gaps(card_request, at=at))
            or _of_risk(found_risks.get(card_request.pk, ()))
            or (is_approval and _of_unseen(card_request, shown))
            or _of_topics(card_request, what.get("items", ()), at=at)
        )
        if reason:
            found[card_request.pk] = reason
    return found


def _of_status(card_request, action, *, at):
    if engine.is_allowed(card_request, action, role=Role.REVIEWER, at=at):
        return ""
    label = RequestAction(action).label
    return f"现在是「{card_request.get_status_display()}」，不能办理「{label}」。"


def _of_holder(hold):
    is_another_s = hold.claim is not None and not hold.is_mine
    return f"{named(hold.claim.by)}已领办，正在办理。" if is_another_s else ""


def _of_risk(present):
    labels = "、".join(risk.label for risk in present)
    return f"有风险提示（{labels}），请单独审核。" if labels else ""


def _shown(requests, *, by):
    """{(pk, since when it was so)} of those of `requests` whose pictures `by` was shown."""
    prints = ContactPrint.objects.shown_to(by).filter(card_request__in=requests)
    return set(prints.values_list("card_request", "seen_since"))


def _of_unseen(card_request, shown):
    if (card_request.pk, card_request.status_since) in shown:
        return ""
    return "您还没有在「看照片」里看过这件的照片，请先看照片再批量通过。"


def _of_gaps(card_request, *, at):
    missing = "、".join(missing_columns(card_request.particulars, at=at).values())
    return f"没有填写：{missing}。" if missing else ""


def _of_topics(card_request, items, *, at):
    if not items:
        return ""
    offered = topics_of(card_request.particulars, at=at)
    labels = "、".join(
        registry.get(item["field"]).label for item in items if item["field"] not in offered
    )
    return f"这位申请人的表里没有：{labels}。" if labels else ""
