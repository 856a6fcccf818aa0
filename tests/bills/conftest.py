from urllib.parse import urlsplit

import pytest
from django.test import Client

from apps.gateways import wire
from tests.payments.conftest import Line


class BillLineToCashier(Line):
    """Passes calls and downloads to our own cashier; `spoil` changes the file on its way."""

    def __init__(self):
        super().__init__()
        self.spoil = None

    def get_file(self, url):
        response = Client().get(urlsplit(url).path)
        if response.status_code != 200:
            raise wire.WireError(f"answered {response.status_code}")
        return self.spoil(response.content) if self.spoil else response.content


@pytest.fixture
def line(monkeypatch):
    line = BillLineToCashier()
    monkeypatch.setattr(wire, "post_form", line.post_form)
    monkeypatch.setattr(wire, "get_file", line.get_file)
    return line
