"""The receipt of a request that was handed in and is paid or free, and what is ahead of it."""

from dataclasses import dataclass
from datetime import date

from apps.cards.enums import RequestAction, Stage
from apps.common import working_days
from apps.common.moments import day_of
from apps.common.receipts import Receipt, person, rows_of
from apps.common.templatetags.formats import day as day_words
from apps.requests.promises import stage_times
from apps.waiting.countdown import where_to

# Stage → who acts then, as people read it.
_WORDS = {
    Stage.REVIEW: "人事处审核",
    Stage.PRODUCE: "制卡中心制作",
    Stage.DISPATCH: "制卡中心寄出",
}
# Where it is delivered → what is done then.
_DELIVERED = {
    "送到": "送到，您来启用",
    "送到单位": "送到单位，通知您来领",
    "送到网点": "送到网点，您去领取",
}


@dataclass(frozen=True)
class StepAhead:
    """What comes next, and the day by which it is promised."""

    words: str
    due_date: date


# The acceptance; until it has been recorded, what led to it.
_PROVEN = (RequestAction.PAY, RequestAction.WAIVE, RequestAction.ACCEPT)


def proven_event(card_request):
    """The event that a receipt of `card_request` proves; None before it is paid."""
    return card_request.events.filter(action__in=_PROVEN).last()


def of_request(card_request, *, shipment, result, paid, proof, at, below=""):
    """The `Receipt` of `card_request`, which is paid or free of charge, and the `StepAhead`s.

    `shipment` is where the card goes, `result` and `paid` are words, `proof` proves its
    `proven_event`. Select `holder`,
    `city__province`, `bank` and `rule` along.
    """
    settled = card_request.events.filter(action__in=[RequestAction.PAY, RequestAction.WAIVE])
    paid_at = settled.latest("pk").at
    where = where_to(card_request, shipment)
    ahead = _ahead(card_request, where, since=paid_at)
    receipt = Receipt(
        matter=f"社会保障卡{card_request.get_kind_display()}",
        result=result,
        below=below or f"{day_words(ahead[-1].due_date)}前{where}",
        holder=person(card_request.holder),
        rows=rows_of(
            ("地区、银行", f"{card_request.city.full_name}，{card_request.bank.name}"),
            ("实付", paid),
            ("时间", paid_at),
        ),
        number=card_request.reference,
        seen_at=at,
        proof=proof,
    )
    return receipt, ahead


def _ahead(card_request, where, *, since):
    times = stage_times([card_request])[card_request.pk]
    calendar = working_days.current()
    day, steps = day_of(since), []
    for stage, words in [*_WORDS.items(), (Stage.DELIVER, _DELIVERED[where])]:
        day = calendar.add(day, times[stage].limit_days)
        steps.append(StepAhead(words, day))
    return steps
