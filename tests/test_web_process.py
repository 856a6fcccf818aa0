"""What a web process loads when it starts: nothing large that most of its pages do not need."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

pytestmark = pytest.mark.slow
START = """
import json, sys
import sbk_portal.wsgi
from django.urls import get_resolver
get_resolver().url_patterns
from django.db import connection
from apps.common.pending_migrations import pending_migrations
assert pending_migrations(connection)
print(json.dumps(sorted(sys.modules)))
"""
# Pictures, tables, faces, and what only runs, schedules or watches tasks.
NOT_AT_THE_START = ["numpy", "openpyxl", "dlib", "_dlib_pybind11", "sentry_sdk"]
NOT_AT_THE_START += ["celery.apps.worker", "celery.bin", "celery.beat"]
NOT_AT_THE_START += ["gunicorn.arbiter", "pytest"]
# Whether any is missing is seen by its name.
NOT_AT_THE_START += ["apps.cards.migrations.0001_create_cards"]
# With SQLite: the client of PostgreSQL.
NOT_AT_THE_START += ["psycopg", "psycopg_pool"]


def test_large_libraries_are_loaded_when_they_are_used(tmp_path):
    ended = subprocess.run(
        [sys.executable, "-c", START],
        cwd=settings.BASE_DIR,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "sbk_portal.settings",
            "SBK_VAR_DIR": str(tmp_path),
            "DATABASE_URL": f"sqlite:///{tmp_path / 'portal.sqlite3'}",
        },
        capture_output=True,
        text=True,
        timeout=200,
        check=True,
    )
    loaded = set(json.loads(ended.stdout.splitlines()[-1]))
    assert "apps.verification.decoding" in loaded, "the pages are there"
    assert loaded.isdisjoint(NOT_AT_THE_START)
