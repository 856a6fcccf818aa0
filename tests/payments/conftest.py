import re
from urllib.parse import urlsplit

import pytest
from django.test import Client

from apps.gateways import wire
from sbk_portal.celery import app


@pytest.fixture(autouse=True)
def no_broker():
    """A nudged task runs at once."""
    before = app.conf.task_always_eager
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = before


class Line:
    """Passes HTTP calls to our own views without a socket; signatures and forms are real.

    `calls` keeps (path, fields); while `is_cut`, nobody answers.
    """

    def __init__(self):
        self.is_cut = False
        self.calls = []

    def post_form(self, url, fields):
        if self.is_cut:
            raise wire.WireError("cut")
        path = urlsplit(url).path
        self.calls.append((path, fields))
        response = Client().post(path, fields)
        if response.status_code != 200:
            raise wire.WireError(f"answered {response.status_code}")
        return response.content.decode()

    def methods(self):
        return [fields["method"] for _, fields in self.calls if "method" in fields]


_real_post_form = wire.post_form


@pytest.fixture
def real_post_form():
    """The real `wire.post_form`."""
    return _real_post_form


@pytest.fixture(autouse=True)
def line(monkeypatch):
    line = Line()
    monkeypatch.setattr(wire, "post_form", line.post_form)
    return line


@pytest.fixture
def at_cashier():
    """Walks a payer to the cashier page: returns its path."""

    def walk(url):
        response = Client().get(url[re.match(r"https?://[^/]+", url).end() :])
        assert response.status_code == 302, response.content.decode()
        return response["Location"]

    return walk
