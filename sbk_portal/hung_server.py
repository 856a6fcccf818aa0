"""Gives up a connection to a PostgreSQL that no longer answers.

A server that hangs keeps its connections open, and the client library waits for an answer for ever.
A slow statement, or one that waits for a lock, is another matter and may take its time. To tell
them apart, a connection that has waited for a while asks the server for a sign of life, on a new
connection. If none comes, it closes itself and raises `OperationalError`.
"""

import socket
import time

from psycopg import Connection, OperationalError

# Seconds. Pages need an answer soon; other processes may wait, on a busy machine too.
PAGE_PATIENCE = 0.7
PATIENCE = 10.0
# Seconds without a sign of life after which the server counts as hung.
SIGN_WITHIN = 1.0
# After that, for some seconds, nobody waits long to find out the same.
REMEMBERED_FOR = 5.0
IMPATIENCE = 0.1
SIGN_AGAIN_WITHIN = 0.3
# "Do you take encrypted connections?" Any server answers it with one byte, before anybody signs in.
_QUESTION = (8).to_bytes(4, "big") + (80877103).to_bytes(4, "big")


class WatchedConnection(Connection):
    """Takes the place of psycopg's own class in the pool."""

    patience = PATIENCE
    silent_at = float("-inf")  # when a server last gave no sign, on the clock of `time.monotonic`

    def wait(self, gen, interval=IMPATIENCE, timeout=None):
        return super().wait(self._watched(gen), interval, timeout)

    def _watched(self, generator):
        """Do what `generator` does; it is resumed with 0 as long as nothing comes."""
        try:
            wanted = next(generator)
            ask_at = time.monotonic() + (IMPATIENCE if self._is_known_silent() else self.patience)
            while True:
                ready = yield wanted
                if ready:
                    ask_at = time.monotonic() + self.patience
                elif time.monotonic() > ask_at:
                    self._check_server()
                    ask_at = time.monotonic() + self.patience
                wanted = generator.send(ready)
        except StopIteration as end:
            return end.value

    def _is_known_silent(self):
        return time.monotonic() - self.silent_at < REMEMBERED_FOR

    def _check_server(self):
        within = SIGN_AGAIN_WITHIN if self._is_known_silent() else SIGN_WITHIN
        if gives_sign(self.info.hostaddr or self.info.host, self.info.port, within=within):
            WatchedConnection.silent_at = float("-inf")
            return
        WatchedConnection.silent_at = time.monotonic()
        self.pgconn.finish()
        raise OperationalError("the server does not answer")


def gives_sign(host, port, *, within=SIGN_WITHIN):
    """Whether the PostgreSQL at `host` (a name, an address or the folder of its socket) answers.

    It is waited for `within` seconds to connect, and as long for the answer.
    """
    try:
        with _connected(host, port, within) as probe:
            probe.sendall(_QUESTION)
            return bool(probe.recv(1))
    except OSError:
        return False


def _connected(host, port, seconds):
    if not host.startswith("/"):
        return socket.create_connection((host, port), timeout=seconds)
    probe = socket.socket(socket.AF_UNIX)
    probe.settimeout(seconds)
    probe.connect(f"{host}/.s.PGSQL.{port}")
    return probe


def answer_pages():
    """From now on this process serves pages, and waits as long as their readers would."""
    WatchedConnection.patience = PAGE_PATIENCE
