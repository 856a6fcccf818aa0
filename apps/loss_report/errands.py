"""A card that can be reported lost, and one that is suspended until that ends."""

from apps.cards.enums import CardAction
from apps.cards.errands import CardErrand
from apps.common.templatetags.formats import moment
from apps.loss_report.offers import offers_of


def of_cards(cards, *, by, at):
    found = (
        _of_card(card, offers, at=at)
        for card, offers in zip(cards, offers_of(cards, by=by, at=at), strict=True)
    )
    return [errand for errand in found if errand is not None]


def _of_card(card, offers, *, at):
    lift, report = offers.of(CardAction.LIFT), offers.of(CardAction.REPORT_LOSS)
    if lift.is_open:
        end = card.suspension_end(at)
        return CardErrand(
            card,
            "社保卡正在临时挂失",
            "卡找到了，解除挂失",
            lift.url,
            waits_for_user=False,
            stands_beside_request=True,
            text=f"{moment(end)} 自动恢复使用",
            ends_at=end,
        )
    if report.is_open:
        return CardErrand(
            card,
            "可以正常使用",
            "找不到卡？先挂失",
            report.url,
            waits_for_user=False,
            text="看病、买药、领待遇都能用。",
            is_quiet=True,
        )
    return None
