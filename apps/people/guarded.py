"""A consent stays as it was given; it can be withdrawn once, and deleted once its time is over."""

from apps.events.guards import Guard

CONSENTS = Guard(
    "people_consent", once=("withdrawn_at", "over_at"), deletable="OLD.over_at IS NOT NULL"
)
GUARDS = (CONSENTS,)
