"""What the first page weighs on the wire, as `make run` and production send it."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import timezone
from whitenoise.compress import Compressor

from apps.cards.enums import CardStatus
from tests.factories.cards import make_card
from tests.factories.people import make_holder

pytestmark = pytest.mark.django_db

MOST_BYTES = 60_000
LINKED = re.compile(r'(?:href|src)="/static/([\w/.-]+\.(?:css|js|svg|png|webmanifest))"')
DRAWN = re.compile(r'url\("?(?:\.\./)+([\w/.-]+)"?\)')


def sent(name):
    """How many bytes the static file `name` is, compressed where that makes it smaller."""
    data = Path(finders.find(name)).read_bytes()
    return min(len(data), len(Compressor.compress_gzip(data)))


def weights(response):
    """Name → bytes of the page and of all that it links."""
    html = gzip.decompress(response.content).decode()
    names = set(LINKED.findall(html))
    for name in [one for one in names if one.endswith(".css")]:
        names |= set(DRAWN.findall(Path(finders.find(name)).read_text(encoding="utf-8")))
    return {"page": len(response.content)} | {name: sent(name) for name in sorted(names)}


def home_of(client):
    return client.get("/", headers={"accept-encoding": "gzip"})


def test_the_first_page_of_a_visitor_is_light(client):
    weight = weights(home_of(client))
    assert sum(weight.values()) <= MOST_BYTES, weight


def test_one_s_own_first_page_is_light():
    holder = make_holder()
    make_card(CardStatus.ACTIVE, holder=holder, at=timezone.now())
    client = Client()
    client.force_login(holder.user)
    weight = weights(home_of(client))
    assert sum(weight.values()) <= MOST_BYTES, weight


def test_words_of_a_request_are_not_compressed_beside_those_of_a_person():
    client = Client()
    client.force_login(make_holder().user)
    headers = {"accept-encoding": "gzip"}
    assert client.get("/", headers=headers)["Content-Encoding"] == "gzip"
    for answer in (
        client.get("/", {"person": "somebody"}, headers=headers),
        client.post("/account/look/", {"theme": "pink"}, headers=headers),
    ):
        assert answer.status_code == 200
        assert "Content-Encoding" not in answer
    assert Client().get("/areas/?province=370000", headers=headers)["Content-Encoding"] == "gzip"


def test_a_picture_is_not_compressed_again(client):
    assert "Content-Encoding" not in client.get("/healthz", headers={"accept-encoding": "gzip"})


def test_no_script_holds_up_the_page(client):
    html = client.get("/").content.decode()
    scripts = re.findall(r"<script\b[^>]*>", html)
    assert scripts
    assert [one for one in scripts if "defer" not in one and 'type="module"' not in one] == []
