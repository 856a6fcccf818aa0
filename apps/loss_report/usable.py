"""此刻这张卡能否使用: whether a card was usable at a moment, and the events that show it."""

from dataclasses import dataclass
from datetime import datetime

from apps.cards.enums import CardAction, CardStatus
from apps.cards.history import effective_at, status_of_card_at

_SENTENCES = {
    None: "那时这张社保卡还没有制成。",
    CardStatus.SEALED: "那时这张社保卡是封存的，还没有启用，不能在医院、药店结算。",
    CardStatus.ACTIVE: "那时这张社保卡是正常的，可以在医院、药店结算。",
    CardStatus.SUSPENDED: "那时这张社保卡正在临时挂失，不能在医院、药店结算。",
    CardStatus.LOST: "那时这张社保卡已经正式挂失，不能在医院、药店结算。",
    CardStatus.RETIRED: "那时这张社保卡已经注销，不能使用。",
}


@dataclass(frozen=True)
class Fact:
    """What happened to the card. `recorded_at` is there if it was written down later."""

    label: str
    at: datetime
    recorded_at: datetime | None = None


@dataclass(frozen=True)
class Usability:
    at: datetime
    status: CardStatus | None
    facts: list[Fact]

    @property
    def is_usable(self):
        return self.status == CardStatus.ACTIVE

    @property
    def sentence(self):
        return _SENTENCES[self.status]


def answer(card, events, at):
    """The `Usability` for the past moment `at`; `events` are those of `card`, oldest first."""
    status = status_of_card_at(events, at, suspended_until=card.suspended_until)
    facts = [
        Fact(
            CardAction(event.action).label,
            effective_at(event),
            event.at if event.due_at and event.due_at != event.at else None,
        )
        for event in events
        if effective_at(event) <= at
    ]
    if facts and status != CardStatus(events[len(facts) - 1].to_status):
        facts.append(Fact(CardAction.EXPIRE.label, card.suspended_until))
    return Usability(at, status, facts)
