"""A partner of a test's own that misbehaves: silent, slow, out of order, or cut off half-way."""

import socket
import threading
import time
from contextlib import contextmanager, suppress

WHOLE = b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"


def silent(connection):
    """Takes the call and never answers."""
    time.sleep(20)


def slow(connection):
    """A whole answer, after five seconds."""
    time.sleep(5)
    connection.sendall(WHOLE % (b"200 OK", 2) + b"{}")


def out_of_order(connection):
    connection.sendall(WHOLE % (b"500 Internal Server Error", 2) + b"{}")


def half(connection):
    """Announces more than it sends, and hangs up."""
    connection.sendall(WHOLE % (b"200 OK", 200) + b'{"code": "100')


MISBEHAVIOURS = [silent, slow, out_of_order, half]


@contextmanager
def listening(treat):
    """The (host, port) of a server that treats every connection by `treat`, each in a thread."""
    listener = socket.create_server(("127.0.0.1", 0))

    def answer(connection):
        with connection, suppress(OSError):  # the caller may have hung up
            treat(connection)

    def listen():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=[connection], daemon=True).start()

    threading.Thread(target=listen, daemon=True).start()
    try:
        yield listener.getsockname()
    finally:
        listener.close()


@contextmanager
def partner(behave):
    """The address of one that answers every call by `behave(connection)`."""

    def answer(connection):
        connection.recv(65536)
        behave(connection)

    with listening(answer) as (host, port):
        yield f"http://{host}:{port}"
