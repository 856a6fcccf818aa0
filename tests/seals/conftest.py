import base64

import pytest

from tests.factories.cards import AT
from tests.seals.steps import HOUR, add, seal


@pytest.fixture(autouse=True)
def _key_of_the_tests(settings):
    """A key and a name of their own; nothing is sent anywhere."""
    settings.SEAL_KEY = base64.b64encode(bytes(range(32))).decode()
    settings.SEAL_FORMER_KEYS = []
    settings.SEAL_ORIGIN = "portal.example/seals"
    settings.SEAL_COPY_FILE = ""
    settings.SEAL_COPY_MAIL = settings.SEAL_WITNESSES = settings.SEAL_WITNESS_KEYS = []


@pytest.fixture
def sealed():
    """Three heads over eight events, the keys of which are returned."""
    found = []
    for number in (2, 3, 3):
        found += [event.pk for event in add(number)]
        seal(AT + HOUR * len(found))
    return found
