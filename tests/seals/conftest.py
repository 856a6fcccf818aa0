import base64

import pytest


@pytest.fixture(autouse=True)
def _key_of_the_tests(settings):
    """A key and a name of their own; nothing is sent anywhere."""
    settings.SEAL_KEY = base64.b64encode(bytes(range(32))).decode()
    settings.SEAL_FORMER_KEYS = []
    settings.SEAL_ORIGIN = "portal.example/seals"
    settings.SEAL_COPY_FILE = ""
    settings.SEAL_COPY_MAIL = settings.SEAL_WITNESSES = settings.SEAL_WITNESS_KEYS = []
