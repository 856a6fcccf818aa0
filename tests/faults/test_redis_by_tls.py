"""Redis on another machine: messages go by TLS, and only to who has the certificate of its name."""

import shutil

import pytest

from apps.common import broker, nudges
from apps.payments import tasks
from sbk_portal.celery import QUEUES, app
from tests.deployment import certificates
from tests.faults.redis_server import PROGRAM, own_redis

pytestmark = [
    pytest.mark.slow,  # makes authorities and starts a server
    pytest.mark.skipif(PROGRAM is None, reason="redis-server is not installed"),
    pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed"),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("redis")
    authority = folder / "authority.pem"
    certificates.make(folder, authority)
    with own_redis(folder, authority) as server:
        yield server


@pytest.fixture
def sent_to(settings, monkeypatch):
    """Let messages go to a URL for the length of a test."""
    monkeypatch.setattr(nudges, "_rests_until", 0.0)
    before = {name: app.conf[name] for name in ("broker_url", "broker_transport_options")}

    def send_to(url):
        settings.REDIS_URL = url
        app.conf.update(broker_url=url, broker_transport_options={})

    yield send_to
    app.conf.update(before)


def test_messages_go_to_the_server_and_are_counted(server, sent_to):
    sent_to(server.url)
    nudges.nudge(tasks.reconcile)
    state = broker.ask(QUEUES)
    assert state.trouble == ""
    assert state.waiting[QUEUES[0]] == server.client.llen(QUEUES[0]) == 1


def test_nothing_goes_to_a_server_that_another_authority_vouches_for(server, sent_to, tmp_path):
    stranger = tmp_path / "stranger.pem"
    certificates.make(tmp_path, stranger)
    sent_to(server.url_by_tls("localhost", stranger))
    assert broker.ask(QUEUES).trouble == "连不上"


def test_nothing_goes_to_a_server_with_the_certificate_of_another_host(server, sent_to):
    sent_to(server.url_by_tls("127.0.0.1", server.authority))
    assert broker.ask(QUEUES).trouble == "连不上"
