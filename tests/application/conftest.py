from urllib.parse import urlsplit

import pytest
from django.test import Client

from apps.gateways import wire
from tests.application.checks import own_draft
from tests.factories.people import make_holder


@pytest.fixture
def cashier(monkeypatch):
    """The sandbox cashier answers the portal's calls, without a socket in between."""

    def post_form(url, fields):
        response = Client().post(urlsplit(url).path, fields)
        assert response.status_code == 200
        return response.content.decode()

    monkeypatch.setattr(wire, "post_form", post_form)


@pytest.fixture
def guardian(client):
    guardian = make_holder()
    client.force_login(guardian.user)
    return guardian


@pytest.fixture
def draft(client):
    return own_draft(client)
