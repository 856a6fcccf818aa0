"""A card whose formal loss waits for a reviewer, or is confirmed: then it can be replaced."""

from apps.cards.errands import CardErrand
from apps.common.addresses import page_url, row_url
from apps.lateness.promises import promised_days
from apps.replacement.enums import FormalLossAction
from apps.replacement.lateness import DECISION
from apps.replacement.offers import BEGIN, offers_of, open_losses
from apps.replacement.policies import awaits_decision, is_lost, is_replaced_at_a_counter


def of_cards(cards, *, by, at):
    losses = open_losses(cards)
    declared = [card for card in cards if awaits_decision(card, losses.get(card.pk), at=at)]
    days = promised_days(DECISION, [losses[card.pk] for card in declared], at=at)
    waiting = [_of_waiting(card, days[losses[card.pk].pk]) for card in declared]
    stopped = [card for card in cards if is_lost(card, at=at) or card.suspension_end(at)]
    found = (
        _of_offers(card, offers, at=at)
        for card, offers in zip(
            stopped, offers_of(stopped, by=by, at=at, losses=losses), strict=True
        )
    )
    return waiting + [errand for errand in found if errand is not None]


def _of_offers(card, offers, *, at):
    begin, declare = offers.of(BEGIN), offers.of(FormalLossAction.DECLARE)
    if begin.is_open and not begin.is_main:
        guide = f"{page_url('replacement:guide')}?all"
        title = "社保卡已正式挂失，新卡到网点办理"
        return CardErrand(card, title, "看怎么办", guide, text=begin.hint)
    if begin.is_open:
        return CardErrand(
            card,
            "旧卡已停，可以补换",
            "补换新卡",
            begin.url,
            text=begin.hint,
            way_out=("卡又找到了？", row_url("replacement:loss", card.reference)),
        )
    if is_replaced_at_a_counter(card, at=at):
        guide = page_url("replacement:guide")
        return CardErrand(card, "社保卡已正式挂失，新卡到网点办理", "看怎么办", guide)
    if card.suspension_end(at) and declare.is_open:
        return CardErrand(card, "", "找不回来，转正式挂失", declare.url, is_way_out=True)
    return None


def _of_waiting(card, promised):
    return CardErrand(
        card,
        "正式挂失已登记，等审核老师确认",
        "看登记",
        row_url("replacement:loss", card.reference),
        waits_for_user=False,
        stands_beside_request=True,
        promised=promised,
    )
