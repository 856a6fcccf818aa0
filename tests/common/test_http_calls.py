"""Calls to other systems end in time, whatever the other side does."""

import socket
import threading
import time
from contextlib import suppress

import pytest

from apps.common.http_calls import MOST_BYTES, CallFailed, call

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"


@pytest.fixture
def server():
    """Answers one call by the function that `serve` is given with the connection."""
    listener = socket.create_server(("127.0.0.1", 0))
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
        return f"http://127.0.0.1:{listener.getsockname()[1]}/"

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
