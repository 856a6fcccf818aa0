"""The status of a card at a past moment, computed from its events alone."""

from apps.cards.enums import CardStatus


def effective_at(event):
    """When `event` took effect: the moment it was due, where the worker wrote it down later."""
    return event.due_at or event.at


def status_of_card_at(events, at, *, suspended_until=None):
    """The status at `at`, or None before the card was made.

    `events` are those of the card itself (not of its request), in the order they were written.
    `suspended_until` is the column of the card. A suspension that has ended is over, also while
    its end is not written down.
    """
    past = [event for event in events if effective_at(event) <= at]
    if not past:
        return None
    status = CardStatus(past[-1].to_status)
    is_over = suspended_until is not None and suspended_until <= at
    if status == CardStatus.SUSPENDED and is_over:
        return CardStatus.ACTIVE
    return status
