"""A PostgreSQL of a test's own, which it may stop, hang and start."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from tests.processes import free_port

PROGRAMS = Path(os.path.realpath(shutil.which("pg_ctl") or "/nowhere/pg_ctl")).parent
# It refuses to run as root.
ACCOUNT = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name


def is_installed():
    return (PROGRAMS / "initdb").exists()


class PostgresServer:
    """Listens on a free port of this machine, in a folder of its own.

    `host_auth` is how those who come over TCP prove who they are; over the socket in the folder of
    the data everybody is let in. `conf` is a file of settings to take in; `options` are single ones
    that count before it.
    """

    def __init__(self, folder, *, superuser="portal", host_auth="trust", conf=None, **options):
        self.data, self.port = folder / "data", free_port()
        self.url = f"postgres://{superuser}@127.0.0.1:{self.port}/postgres"
        self.options = {"max_connections": 12, "fsync": "off"} | options
        names = [f"--auth-host={host_auth}", "--auth-local=trust", f"--username={superuser}"]
        self._run("initdb", "--no-sync", "--encoding=UTF8", *names, self.data)
        if conf:
            copy = self.data / "portal.conf"
            shutil.copy(conf, copy)
            shutil.chown(copy, ACCOUNT)
            with (self.data / "postgresql.conf").open("a") as file:
                file.write(f"include '{copy}'\n")

    def _run(self, program, *arguments):
        subprocess.run(
            [PROGRAMS / program, *map(str, arguments)],
            check=True,
            timeout=60,
            user=ACCOUNT if os.geteuid() == 0 else None,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.data.parent,
        )

    def start(self):
        options = f"-p {self.port} -c listen_addresses=127.0.0.1"
        options += f" -c unix_socket_directories={self.data}"
        options += "".join(f" -c {name}={value}" for name, value in self.options.items())
        self._run("pg_ctl", "-D", self.data, "-w", "-o", options, "start")

    def stop(self):
        """At once, as when the machine dies."""
        self._run("pg_ctl", "-D", self.data, "-w", "-m", "immediate", "stop")

    def hang(self):
        """Let it take connections and answer nothing, as a machine that is frozen."""
        self._signal(signal.SIGSTOP)

    def go_on(self):
        self._signal(signal.SIGCONT)

    def _signal(self, number):
        first = int((self.data / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        for process in [first, *map(int, children)]:
            with suppress(ProcessLookupError):
                os.kill(process, number)

    def connect(self):
        return psycopg.connect(self.url, autocommit=True)

    def close_all_connections(self):
        with self.connect() as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )


@contextmanager
def own_postgres(**how):
    """A running server, made as `how` says (the keywords of `PostgresServer`)."""
    # Not in pytest's folder, which only root may enter.
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    shutil.chown(folder, ACCOUNT)
    server = PostgresServer(folder, **how)
    server.start()
    try:
        yield server
    finally:
        subprocess.run(
            [PROGRAMS / "pg_ctl", "-D", server.data, "-m", "immediate", "stop"],
            check=False,
            user=ACCOUNT if os.geteuid() == 0 else None,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        shutil.rmtree(folder, ignore_errors=True)
