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
    """Listens on a free port of this machine, and keeps nothing on the disk."""

    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.client = redis.Redis.from_url(self.url, socket_timeout=5)
        self.process = None

    def start(self):
        options = {"port": self.port, "bind": "127.0.0.1", "save": "", "dir": self.folder}
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
def own_redis(folder):
    server = RedisServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()
