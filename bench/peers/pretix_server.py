"""pretix beside the portal: its database, its orders, and gunicorn with our own settings."""

import json
import os
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg
import redis
from psycopg import sql

from bench import peers
from bench.loads import first_page, gunicorn
from tests.processes import free_port

VERSION = "2026.8.0"
# Migrating takes minutes, so an empty database is kept on the server for the next run.
EMPTY = f"bench_pretix_{VERSION.replace('.', '_')}"
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Peer:
    """`pages`: the name of a row → (address, what the page must show)."""

    port: int
    cookie: str
    pages: dict


@contextmanager
def serving(orders):
    """pretix with that many orders in one event: yields the `Peer`, or None without the peers."""
    if not peers.are_there():
        yield None
        return
    port, mark = free_port(), f"bench_{os.getpid()}_pretix"
    with tempfile.TemporaryDirectory() as folder, database(mark, folder, port):
        environment = _environment(folder, mark)
        town = json.loads(_run(environment, str(HERE / "pretix_town.py"), str(orders)))
        with gunicorn(
            "pretix.wsgi:application",
            python=peers.PYTHON,
            environment=environment,
            port=port,
            is_up=lambda: first_page(port, "/healthcheck/") == 200,
        ):
            yield Peer(port, town["cookie"], town["pages"])
    _forget_keys(mark)


@contextmanager
def database(name, folder, port):
    """A migrated database `name` and the file in `folder` that tells pretix of it."""
    if not _has_database(EMPTY):
        print("▸ 第一次建立 pretix 的数据库，要几分钟", flush=True)
        fresh = f"{name}_fresh"
        _on_the_server("CREATE DATABASE {}", fresh)
        _configure(folder, fresh, port)
        _run(_environment(folder, name), "-m", "pretix", "migrate", "--verbosity", "0")
        _on_the_server("ALTER DATABASE {} RENAME TO {}", fresh, EMPTY)
    _on_the_server("CREATE DATABASE {} TEMPLATE {}", name, EMPTY)
    _configure(folder, name, port)
    try:
        yield
    finally:
        _on_the_server("DROP DATABASE {} WITH (FORCE)", name)


def _configure(folder, name, port):
    server = urlsplit(peers.DATABASE)
    data = Path(folder) / "data"
    data.mkdir(exist_ok=True)
    (Path(folder) / "pretix.cfg").write_text(
        f"""[pretix]
datadir={data}
url=http://127.0.0.1:{port}
loglevel=ERROR
[database]
backend=postgresql
name={name}
user={unquote(server.username or "")}
password={unquote(server.password or "")}
host={server.hostname or ""}
port={server.port or ""}
[redis]
location={peers.REDIS}
[django]
debug=False
""",
        encoding="utf-8",
    )


def _environment(folder, mark):
    return os.environ | {
        "PRETIX_CONFIG_FILE": str(Path(folder) / "pretix.cfg"),
        "DJANGO_SETTINGS_MODULE": "pretix_settings",
        "PYTHONPATH": str(HERE),
        "BENCH_PRETIX": mark,
    }


def _run(environment, *command):
    """What the command of the peers' Python prints. Raises with its last words if it fails."""
    ended = subprocess.run(  # noqa: S603 - our own words
        [peers.PYTHON, *command], env=environment, capture_output=True, text=True
    )
    if ended.returncode:
        raise RuntimeError(f"pretix: {ended.stderr[-2000:]}")
    return ended.stdout.splitlines()[-1] if ended.stdout else ""


def _has_database(name):
    with psycopg.connect(peers.DATABASE) as server:
        question = "SELECT 1 FROM pg_database WHERE datname = %s"
        return server.execute(question, [name]).fetchone() is not None


def _on_the_server(statement, *names):
    with psycopg.connect(peers.DATABASE, autocommit=True) as server:
        server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _forget_keys(mark):
    with redis.Redis.from_url(peers.REDIS) as server:
        for key in server.scan_iter(f"{mark}:*", count=1000):
            server.delete(key)
