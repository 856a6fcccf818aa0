"""Benchmarks, each against a floor or a peer in the same run: `python -m bench.NAME [SIZES]`.

Importing the package sets Django up on a database of its own, which is deleted afterwards: SQLite
in a temporary folder, or with DATABASE_URL a new database on that PostgreSQL server.
"""

import atexit
import os
import tempfile
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import django
import psycopg
from psycopg import sql

_SERVER = os.environ.get("DATABASE_URL", "")
_SCRATCH = f"bench_{os.getpid()}"
_FOLDER = tempfile.TemporaryDirectory()


def _on_the_server(statement):
    with psycopg.connect(_SERVER, autocommit=True) as server:
        server.execute(sql.SQL(statement).format(sql.Identifier(_SCRATCH)))


if os.environ.get("BENCH_DATABASE"):
    pass  # a process that a benchmark has started: its database is there
elif _SERVER.startswith("postgres"):
    _on_the_server("CREATE DATABASE {}")
    atexit.register(_on_the_server, "DROP DATABASE {} WITH (FORCE)")
    os.environ["DATABASE_URL"] = urlunsplit(urlsplit(_SERVER)._replace(path=f"/{_SCRATCH}"))
else:
    os.environ["DATABASE_URL"] = f"sqlite:///{Path(_FOLDER.name) / 'bench.sqlite3'}"
os.environ.setdefault("SBK_VAR_DIR", _FOLDER.name)
os.environ["BENCH_DATABASE"] = os.environ["DATABASE_URL"]
os.environ.setdefault("LOG_LEVEL", "ERROR")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sbk_portal.settings")
django.setup()
