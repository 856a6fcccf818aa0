"""Calls to other systems end in time, whatever the other side does."""

import re
import socket
import threading
import time
from contextlib import suppress

import pytest
import requests
from django.conf import settings

from apps.common.http_calls import MOST_BYTES, CallFailed, call

pytestmark = pytest.mark.slow

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"


@pytest.fixture
def server(settings):
    """Answers one call by the function that `serve` is given with the connection."""
    listener = socket.create_server(("127.0.0.1", 0))
    settings.SMS_GATEWAY_URL = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    threads = []

    def serve(answer):
        def run():
            with listener.accept()[0] as connection:
                connection.recv(65536)
                # The caller may have hung up.
                with suppress(OSError):
                    answer(connection)

        threads.append(threading.Thread(target=run, daemon=True))
        threads[-1].start()
        return settings.SMS_GATEWAY_URL + "send"

    yield serve
    for thread in threads:
        thread.join(5)
    listener.close()


def test_an_answer_comes_back_whole(server):
    url = server(lambda c: c.sendall(HEAD + b"Content-Length: 2\r\n\r\nok"))
    assert call("GET", url, seconds=2).content == b"ok"


def test_a_server_that_trickles_is_left_in_time(server):
    def trickle(connection):
        connection.sendall(HEAD + b"Content-Length: 1000\r\n\r\n")
        for _ in range(20):
            connection.sendall(b"x")
            time.sleep(0.1)

    began = time.monotonic()
    with pytest.raises(CallFailed, match="ReadTimeout"):
        call("GET", server(trickle), seconds=0.3)
    assert time.monotonic() - began < 1.5


def test_nor_can_a_server_trickle_the_lines_before_its_answer(server):
    def trickle(connection):
        connection.sendall(HEAD)
        for number in range(20):
            connection.sendall(f"X-{number}: x\r\n".encode())
            time.sleep(0.1)

    began = time.monotonic()
    with pytest.raises(CallFailed):
        call("GET", server(trickle), seconds=0.3)
    assert time.monotonic() - began < 1.5


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        HEAD + b"Content-Length: 10\r\n\r\nhalf",
        HEAD + b"\r\n" + b"x" * (MOST_BYTES + 1),
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n",
    ],
    ids=["nothing", "half", "too long", "a redirect", "an error"],
)
def test_what_is_no_answer_is_a_failure(server, answer):
    with pytest.raises(CallFailed):
        call("GET", server(lambda c: c.sendall(answer)), seconds=2)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "https://127.0.0.1:{port}/",
        "http://sms.example@127.0.0.1:{port}/",
        "http://169.254.169.254/latest/meta-data/",
        "https://dwbillcenter.alipay.com:8443/bill",
        "file:///etc/passwd",
        "//127.0.0.1:{port}/",
    ],
)
def test_a_place_that_no_setting_names_is_not_called(settings, url):
    settings.SMS_GATEWAY_URL = "https://sms.example/send"
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        with pytest.raises(CallFailed, match="InvalidURL"):
            call("GET", url.format(port=listener.getsockname()[1]), seconds=2)
        with pytest.raises(TimeoutError):
            listener.accept()


@pytest.mark.parametrize(
    "url",
    [
        "https://sms.example/another/path?query",
        "https://SMS.example:443/",
        "https://dwbillcenter.alipay.com/bill",
        "https://witness.example/add",
    ],
)
def test_what_the_settings_name_is_called(settings, url, monkeypatch):
    settings.SMS_GATEWAY_URL = "https://sms.example/send"
    settings.SEAL_WITNESSES = ["https://witness.example/add-checkpoint"]
    tried = []

    def refuses(self, method, url, **options):
        tried.append(url)
        raise requests.exceptions.ConnectionError

    monkeypatch.setattr(requests.Session, "request", refuses)
    with pytest.raises(CallFailed, match="ConnectionError"):
        call("GET", url, seconds=2)
    assert tried == [url]


# Other ways to call over HTTP. The stand-ins of a demonstration play the other party.
_OTHER_WAYS = re.compile(
    r"^(?:import|from) (?:httpx|aiohttp|http\.client|urllib\.request|urllib3)\b"
    r"|^import requests$(?=.*\brequests\.(?:get|post|put|head|request|Session)\b)",
    re.M | re.S,
)


def test_nothing_calls_over_http_but_this():
    files = (settings.BASE_DIR / "apps").rglob("*.py")
    found = {
        file.relative_to(settings.BASE_DIR).as_posix()
        for file in files
        if _OTHER_WAYS.search(file.read_text(encoding="utf-8"))
    }
    assert found == {"apps/common/http_calls.py", "apps/demo/stand_in_cas.py"}
