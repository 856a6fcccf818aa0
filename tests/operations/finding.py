"""What a check finds."""

from apps.operations.checks import by_key
from tests.factories.cards import AT


def found(key, at=AT):
    """The result of the check with the key `key` at the moment `at`."""
    return by_key(key).find(at)
