"""The pictures of the decision page. The admin site wraps each view, and no cache stores it."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from apps.cards.models import CardRequest
from apps.common.served_files import picture_response
from apps.desk.gates import readers_only
from apps.requests.models import Amendment


@readers_only
@require_safe
def portrait(request, reference):
    particulars = get_object_or_404(
        CardRequest.objects.submitted(), reference=reference
    ).particulars
    return picture_response(particulars.portrait)


@readers_only
@require_safe
def reference_photo(request, reference):
    """The photo of the roster, beside which the portrait is judged."""
    card_request = get_object_or_404(
        CardRequest.objects.submitted().select_related("holder"), reference=reference
    )
    return picture_response(card_request.holder.reference_photo)


@readers_only
@require_safe
def portrait_before(request, reference):
    """The portrait that the last answered amendment had replaced."""
    amendment = (
        Amendment.objects.answered()
        .filter(card_request__in=CardRequest.objects.submitted(), card_request__reference=reference)
        .order_by("-pk")
        .first()
    )
    if amendment is None:
        raise Http404
    return picture_response(amendment.portrait_before)
