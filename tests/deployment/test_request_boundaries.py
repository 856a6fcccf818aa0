"""Where one request ends and the next begins: gunicorn, started as in production, never reads a
second request out of the body of the first (OWASP ASVS 5.0 V4.2.1, RFC 9112 sections 6 and 11.2).
"""

import os
import socket
import subprocess
import sys

import pytest
from django.conf import settings

from tests.processes import free_port, wait_until

SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    """Where gunicorn listens, with the configuration of a deployment and an application of ours."""
    port = free_port()
    server = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"),
            *("--workers", "1", "tests.deployment.counting_app:application"),
        ],
        cwd=settings.BASE_DIR,
        env=os.environ | {"WEB_BIND": f"127.0.0.1:{port}"},
        stderr=(tmp_path_factory.mktemp("gunicorn") / "log").open("w"),
    )
    wait_until(lambda: answers(port, request()), seconds=30, what="gunicorn answers")
    yield port
    server.terminate()
    server.wait(timeout=10)


def answers(port, raw):
    """The status of each answer to the bytes `raw`, and everything that came."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(raw)
            connection.shutdown(socket.SHUT_WR)
            got = b""
            while piece := connection.recv(65536):
                got += piece
    except ConnectionError:
        return ""
    return got.decode()


def request(*headers, body=b""):
    lines = [b"POST /first HTTP/1.1", b"Host: x", *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def test_two_whole_requests_are_two(port):
    """Whatever else is tried here would be seen."""
    got = answers(port, request(b"Content-Length: 2", body=b"ab") + SMUGGLED)
    assert "/first 2" in got
    assert "/smuggled 0" in got


def test_a_body_in_pieces_is_one_body(port):
    piece = b"%x\r\n%s\r\n0\r\n\r\n" % (len(SMUGGLED), SMUGGLED)
    got = answers(port, request(b"Transfer-Encoding: chunked", body=piece))
    assert f"/first {len(SMUGGLED)}" in got
    assert "/smuggled" not in got


AMBIGUOUS = {
    "length and pieces": [b"Content-Length: 5", b"Transfer-Encoding: chunked"],
    "pieces and length": [b"Transfer-Encoding: chunked", b"Content-Length: 5"],
    "two lengths": [b"Content-Length: 5", b"Content-Length: 0"],
    "two lengths in one": [b"Content-Length: 5, 0"],
    "a signed length": [b"Content-Length: +5"],
    "a negative length": [b"Content-Length: -1"],
    "a length in hexadecimals": [b"Content-Length: 0x5"],
    "a length in other digits": ["Content-Length: ５".encode()],
    "a blank before the colon": [b"Transfer-Encoding : chunked"],
    "a coding that is none": [b"Transfer-Encoding: xchunked"],
    "pieces in pieces": [b"Transfer-Encoding: chunked, chunked"],
    "pieces that are not last": [b"Transfer-Encoding: chunked, identity"],
    "a control character before it": [b"Transfer-Encoding: \x0bchunked"],
    "a folded line": [b"X: y", b" Transfer-Encoding: chunked", b"Content-Length: 5"],
    "a bare return": [b"X: y\rTransfer-Encoding: chunked"],
    "a zero byte": [b"X: y\x00Transfer-Encoding: chunked"],
}


@pytest.mark.parametrize("headers", AMBIGUOUS.values(), ids=AMBIGUOUS)
def test_a_request_whose_end_is_not_sure_is_refused_with_its_connection(port, headers):
    got = answers(port, request(*headers, body=b"0\r\n\r\n" + SMUGGLED))
    assert got.count("HTTP/1.1 ") <= 1
    assert not got or got.startswith(("HTTP/1.1 400 ", "HTTP/1.1 501 "))
    assert "/first" not in got
    assert "/smuggled" not in got


@pytest.mark.parametrize("size", [b"-1", b"0x1", b"1_0", b"", b"g", b"+5"])
def test_a_piece_without_a_plain_size_ends_the_connection(port, size):
    pieces = size + b"\r\nhello\r\n0\r\n\r\n"
    got = answers(port, request(b"Transfer-Encoding: chunked", body=pieces + SMUGGLED))
    assert "/smuggled" not in got


def test_a_header_with_an_underscore_says_nothing_about_the_body(port):
    """To WSGI Content_Length and Content-Length are one name: only the true one counts."""
    got = answers(port, request(b"Content_Length: 0", b"Content-Length: 5", body=b"hello"))
    assert "/first 5" in got


REFUSED = {
    "a line that is too long": (b"GET /" + b"a" * 5000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", "414"),
    "a header that is too long": (request(b"Cookie: " + b"a" * 9000), "431"),
    "too many headers": (request(*[b"X-%d: y" % number for number in range(80)]), "431"),
    "a line that is none": (b"<script>\r\n\r\n", "400"),
    "a method that is none": (b"G<b>T / HTTP/1.1\r\nHost: x\r\n\r\n", "400"),
    "a coding that is none": (request(b"Transfer-Encoding: <b>"), "501"),
}


@pytest.mark.parametrize(("raw", "status"), REFUSED.values(), ids=REFUSED)
def test_what_gunicorn_refuses_is_refused_in_our_words(port, raw, status):
    got = answers(port, raw)
    head, _, page = got.partition("\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} ")
    assert "text/html; charset=utf-8" in head
    assert "server:" not in head.lower()
    assert "请从首页重新打开" in page.replace('<a href="/">', "")
    assert "<b>" not in page
    assert "<script>" not in page
