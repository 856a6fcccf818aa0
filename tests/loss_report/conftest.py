import pytest

from tests.factories.cards import make_card
from tests.factories.moments import ago


@pytest.fixture
def card(client):
    """An active card, a month old, of the holder who is signed in."""
    card = make_card(at=ago(days=30))
    client.force_login(card.holder.user)
    return card
