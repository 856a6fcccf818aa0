from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.cards.models import CardRequest
from apps.delivery import tariff
from apps.delivery.enums import Tier
from apps.regions.models import City


@login_required
@require_safe
def postage(request, reference):
    """The postage while the address is being chosen: a fragment for htmx."""
    at = timezone.now()
    visible = CardRequest.objects.visible_to(request.user, at=at)
    card_request = get_object_or_404(visible.select_related("city", "rule"), reference=reference)
    return render(request, "delivery/_postage.html", quote(card_request, request.GET, at=at))


def quote(card_request, choice, *, at):
    """Context of `delivery/_postage.html` for `method` and `city` in a form's data or initial.

    By the rule of the request; for a draft, by the rule of its city at `at`.
    """
    rule = card_request.rule_at(at)
    context = {"card_request": card_request, "rule": rule}
    if tariff.is_free(choice.get("method")):
        return {"tier": Tier.FREE, "postage_fen": 0, **context}
    chosen = choice.get("city")
    code = getattr(chosen, "pk", chosen) or ""
    city = City.objects.postal().filter(pk=code).first()
    if city is None:
        return {"tier": None, "postage_fen": None, **context}
    tier = tariff.tier(card_request.city, city)
    return {"tier": tier, "postage_fen": tariff.fen_of(rule, tier), **context}
