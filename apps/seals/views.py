"""The open page behind the QR code of a receipt."""

from allauth.core.internal import ratelimit
from django.conf import settings
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.common.references import LENGTH
from apps.seals import proofs
from apps.seals.models import ProofAddress

_LIMIT = {"proof": f"{settings.PROOFS_PER_MINUTE}/m/ip"}


@never_cache
@require_safe
def proof(request, reference):
    """Whether the step of this receipt stands in the sealed book. Open to everybody, no names."""
    is_within = ratelimit.consume(
        request, app=__name__, action="proof", config=_LIMIT, limit_get=True
    )
    if not is_within:
        return ratelimit.respond_429(request)
    found = get_object_or_404(
        ProofAddress.objects.select_related("event"), reference=reference.upper()[:LENGTH]
    )
    context = {"reference": found.reference, "proof": proofs.proof_of(found.event)}
    return render(request, "seals/proof.html", context)
