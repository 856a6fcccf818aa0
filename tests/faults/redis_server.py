"""A Redis of a test's own, which it may stop, hang or fill."""

import shutil
import signal
import subprocess
import time
from contextlib import contextmanager

import redis

from tests.processes import free_port

PROGRAM = shutil.which("redis-server")


class RedisServer:
    """Listens on a free port of this machine, and keeps nothing on the disk.

    With TLS where `folder` holds the files of tests/deployment/certificates.py for localhost, and
    `authority` is the one that signed them.
    """

    def __init__(self, folder, authority=None):
        self.folder, self.port, self.authority = folder, free_port(), authority
        self.url = f"redis://127.0.0.1:{self.port}/0"
        if authority:
            self.url = self.url_by_tls("localhost", authority)
        self.client = redis.Redis.from_url(self.url, socket_timeout=5)
        self.process = None

    def url_by_tls(self, host, authority):
        """As an installation writes it: whom to believe that it is `host`."""
        asked = f"ssl_cert_reqs=required&ssl_ca_certs={authority}"
        return f"rediss://{host}:{self.port}/0?{asked}"

    def start(self):
        options = {"port": self.port, "bind": "127.0.0.1", "save": "", "dir": self.folder}
        if self.authority:
            options |= {
                "port": 0,
                "tls-port": self.port,
                "tls-cert-file": self.folder / "portal.crt",
                "tls-key-file": self.folder / "portal.key",
                "tls-ca-cert-file": self.authority,
                "tls-auth-clients": "no",
            }
        arguments = [part for name, value in options.items() for part in (f"--{name}", str(value))]
        self.process = subprocess.Popen([PROGRAM, *arguments], stdout=subprocess.DEVNULL)
        for _ in range(100):
            try:
                self.client.ping()
            except redis.ConnectionError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError("redis-server did not start")

    def stop(self):
        self.process.send_signal(signal.SIGCONT)
        self.process.kill()
        self.process.wait()

    def hang(self):
        """Let it take connections and answer nothing."""
        self.process.send_signal(signal.SIGSTOP)

    def fill(self):
        """Let it refuse every write for want of memory, as with the policy noeviction."""
        self.client.config_set("maxmemory", 1)


@contextmanager
def own_redis(folder, authority=None):
    server = RedisServer(folder, authority)
    server.start()
    try:
        yield server
    finally:
        server.stop()
