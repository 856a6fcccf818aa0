"""What is prepared before a start: once; data of another version is a sentence."""

import sqlite3
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from apps.operations import schema
from apps.operations.schema import missing_columns
from tests.settings_process import NEUTRAL


@pytest.mark.django_db
def test_the_migrations_make_what_the_models_describe():
    assert missing_columns(connection) == []


@pytest.mark.django_db
def test_a_missing_column_is_named(monkeypatch):
    monkeypatch.setattr(schema, "_columns", lambda cursor, table: {"id"})
    assert "cards_card.reference" in missing_columns(connection)


def prepare(var, command="prepare"):
    return subprocess.run(
        [sys.executable, "manage.py", command],
        cwd=settings.BASE_DIR,
        env=NEUTRAL | {"SBK_VAR_DIR": str(var), "SBK_STATIC_IS_COLLECTED": "1"},
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )


@pytest.mark.slow
def test_data_of_another_version_is_one_sentence_that_says_what_to_do(tmp_path):
    assert prepare(tmp_path).returncode == 0
    with sqlite3.connect(tmp_path / "portal.sqlite3") as database:
        database.execute("ALTER TABLE phrasebook_phrase RENAME TO of_an_older_version")
    ended = prepare(tmp_path)
    assert ended.returncode == 1
    [sentence] = ended.stderr.splitlines()
    assert "是另一个版本建的" in sentence
    assert "删去这个目录再启动" in sentence


@pytest.mark.slow
def test_static_files_are_collected_once(tmp_path):
    assert prepare(tmp_path, "prepare_static").returncode == 0
    collected = tmp_path / "static" / "staticfiles.json"
    before = collected.stat().st_mtime_ns
    assert prepare(tmp_path, "prepare_static").returncode == 0
    assert collected.stat().st_mtime_ns == before, "nothing was collected anew"
