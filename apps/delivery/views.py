from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.cards.models import CardRequest
from apps.delivery import tariff
from apps.delivery.enums import FREE_TIERS
from apps.gateways.port import current_gateway_name
from apps.regions.models import City


@login_required
@require_safe
def postage(request, reference):
    """The postage while the address is being chosen: a fragment for htmx."""
    at = timezone.now()
    visible = CardRequest.objects.visible_to(request.user, at=at)
    card_request = get_object_or_404(visible.select_related("city", "rule"), reference=reference)
    context = quote(card_request, request.GET, at=at) | {"is_fragment": True}
    return render(request, "delivery/_postage.html", context)


def quote(card_request, choice, *, at):
    """Context of `delivery/_postage.html` for `method` and `city` in a form's data or initial.

    By the rule of the request; for a draft, by the rule of its city at `at`. `tier` and
    `total_fen` are None while the city is not chosen; `mail_tier` and `mail_fen` are those of the
    parcel, whatever way is chosen.
    """
    rule = card_request.rule_at(at)
    card_fee_fen = rule.card_fee_fen if card_request.is_replacement else 0
    mail_tier, mail_fen = _by_mail(card_request, rule, choice.get("city"))
    free_tier = FREE_TIERS.get(choice.get("method"))
    tier, postage_fen = (free_tier, 0) if free_tier else (mail_tier, mail_fen)
    return {
        "card_request": card_request,
        "rule": rule,
        "card_fee_fen": card_fee_fen,
        "mail_tier": mail_tier,
        "mail_fen": mail_fen,
        "tier": tier,
        "postage_fen": postage_fen,
        "total_fen": None if postage_fen is None else postage_fen + card_fee_fen,
        "is_demo_gateway": current_gateway_name() == "sandbox",
    }


def _by_mail(card_request, rule, chosen):
    code = str(getattr(chosen, "pk", chosen) or "")
    city = City.objects.postal().filter(pk=code).first() if code.isalnum() else None
    if city is None:
        return None, None
    tier = tariff.tier(card_request.city, city)
    return tier, tariff.fen_of(rule, tier)
