"""A card whose formal loss waits for a reviewer, or is confirmed: then it can be replaced."""

from django.urls import reverse

from apps.cards.errands import CardErrand
from apps.replacement.models import FormalLoss
from apps.replacement.offers import BEGIN, offers_of
from apps.replacement.policies import awaits_decision, is_replaced_at_a_counter
from apps.requests.promises import decision_date


def of_cards(cards, *, by, at):
    losses = {loss.card_id: loss for loss in FormalLoss.objects.open().filter(card__in=cards)}
    waiting = [
        _of_waiting(card, losses[card.pk])
        for card in cards
        if awaits_decision(card, losses.get(card.pk), at=at)
    ]
    begins = [offers.of(BEGIN) for offers in offers_of(cards, by=by, at=at)]
    confirmed = [
        _of_confirmed(card, begin, at=at) for card, begin in zip(cards, begins, strict=True)
    ]
    return waiting + [errand for errand in confirmed if errand is not None]


def _of_confirmed(card, begin, *, at):
    if begin.is_open:
        return CardErrand(card, "社保卡已正式挂失，可以申请补换", "去补换", begin.url)
    if is_replaced_at_a_counter(card, at=at):
        guide = reverse("replacement:guide")
        return CardErrand(card, "社保卡已正式挂失，新卡到网点办理", "看怎么办", guide)
    return None


def _of_waiting(card, loss):
    return CardErrand(
        card,
        "正式挂失已登记，等审核老师确认",
        "看登记",
        reverse("replacement:loss", args=[card.reference]),
        waits_for_user=False,
        stands_beside_request=True,
        due_date=decision_date(loss.declared_at),
    )
