"""The phone of somebody on a list of cases, to call them: a look that is recorded."""

from django.contrib import admin, messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone

from apps.cards.models import CardRequest
from apps.case_list.calling.numbers import numbers_of
from apps.common.addresses import page_url, row_url
from apps.common.refusals import Refused
from apps.desk.claims import walk
from apps.desk.colleagues import told
from apps.desk.gates import readers_only
from apps.desk.looking.services import disclose
from apps.review import case
from apps.unsent.typed_again import posted_from

_WHY = "从列表看手机号，打电话联系"


@readers_only
@posted_from("admin:cards_cardrequest_change")
def number(request, reference):
    """The number in full, shown once; a reload asks and is recorded again."""
    at = timezone.now()
    try:
        card_request = case.get(reference)
    except CardRequest.DoesNotExist as error:
        raise Http404 from error
    query = walk.query_of(request)
    back = page_url("admin:cards_cardrequest_changelist") + (f"?{query}" if query else "")
    try:
        disclose(subject=card_request, what="手机号", reason=_WHY, by=request.user, at=at)
    except Refused as refusal:
        messages.error(request, told(refusal, by=request.user))
        return redirect(back)
    context = {
        **admin.site.each_context(request),
        "title": "手机号",
        "card_request": card_request,
        "numbers": numbers_of(card_request, at=at),
        "back": back,
        "case_url": row_url("admin:cards_cardrequest_change", reference) + walk.suffix(query),
        "is_disclosed": True,
    }
    return render(request, "case_list/phone.html", context)
