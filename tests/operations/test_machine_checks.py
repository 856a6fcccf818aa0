"""Whether database, clock, broker, disk, virus scanner and backups are as they should be."""

import socket
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from apps.backup import folders
from apps.common import broker
from apps.operations.checks import machine
from apps.operations.enums import State
from tests.clamd import Scanner
from tests.factories.cards import AT
from tests.operations.finding import found

pytestmark = pytest.mark.django_db


def test_missing_migrations_are_bad():
    assert found("migrations").state == State.OK
    MigrationRecorder(connection).record_unapplied("cards", "0001_create_cards")
    assert found("migrations").lines == ("cards.0001_create_cards",)


@pytest.mark.parametrize(
    ("seconds", "state"), [(0.2, State.OK), (-8, State.WARN), (600, State.BAD), (None, State.OK)]
)
def test_clocks_that_differ_are_told(monkeypatch, seconds, state):
    monkeypatch.setattr(machine, "_database_is_ahead", lambda: seconds)
    assert found("clock").state == state


@pytest.mark.skipif(connection.vendor != "postgresql", reason="one clock with SQLite")
def test_the_clock_of_the_database_is_read():
    assert abs(machine._database_is_ahead()) < 5


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (broker.BrokerState(), State.OK),
        (broker.BrokerState("满了"), State.BAD),
        (broker.BrokerState("", {"heavy": 900}), State.WARN),
    ],
)
def test_the_broker_is_asked(monkeypatch, state, expected):
    monkeypatch.setattr(broker, "ask", lambda queues=(): state)
    assert found("broker").state == expected


def test_the_broker_in_use_answers_and_counts():
    state = broker.ask(["lifecycle", "heavy"])
    assert state.trouble == ""
    assert state.waiting.keys() == {"lifecycle", "heavy"}


@pytest.mark.parametrize(("free", "state"), [(50, State.OK), (9, State.WARN), (1, State.BAD)])
def test_a_disk_that_fills_up_is_told(monkeypatch, free, state):
    usage = SimpleNamespace(total=100 * 2**30, free=free * 2**30)
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda path: usage)
    assert found("disk").state == state


@pytest.fixture
def scanner(tmp_path, settings):
    settings.VIRUS_SCANNER = str(tmp_path / "clamd")
    scanner = Scanner(settings.VIRUS_SCANNER)
    scanner.knows = {"PING": b"PONG", "VERSION": f"ClamAV 1.4.1/27469/{AT:%c}".encode()}
    yield scanner
    scanner.socket.close()


def test_without_a_scanner_nothing_is_to_be_done():
    assert found("scanner").state == State.OK
    assert "没有设" in found("scanner").says


def test_a_scanner_that_answers_is_well_and_its_signatures_grow_old(scanner):
    assert found("scanner").state == State.OK
    assert "对 PING 的回答：PONG" in found("scanner").lines
    later = found("scanner", AT + timedelta(days=8))
    assert (later.state, later.says) == (State.WARN, "病毒库是 8 天前的。")
    scanner.knows["VERSION"] = b"Another scanner"
    assert found("scanner", AT + timedelta(days=8)).state == State.OK


def test_a_scanner_that_says_something_else_or_is_away_is_an_alarm(scanner, settings):
    scanner.knows["PING"] = b"UNKNOWN COMMAND"
    assert found("scanner").state == State.BAD
    assert "对 PING 的回答：UNKNOWN COMMAND" in found("scanner").lines
    settings.VIRUS_SCANNER = "/nowhere/clamd"
    assert found("scanner").state == State.BAD
    assert "/nowhere/clamd" in found("scanner").lines[0]


def test_a_scanner_that_hangs_does_not_hang_the_page(tmp_path, settings, monkeypatch):
    monkeypatch.setattr(machine, "SCANNER_PATIENCE", 0.2)
    settings.VIRUS_SCANNER = str(tmp_path / "deaf")
    with socket.socket(socket.AF_UNIX) as deaf:
        deaf.bind(settings.VIRUS_SCANNER)
        deaf.listen()
        assert found("scanner").state == State.BAD


def test_a_backup_that_is_not_made_any_more_is_bad(settings, tmp_path):
    assert found("backups").state == State.OK, "there is no key to make any with"
    settings.BACKUP_KEY, settings.BACKUP_DIR = "a key", str(tmp_path / "backups")
    assert found("backups").state == State.WARN, "no folder"
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / f"{folders.name_of(AT)}{folders.PARTIAL}").mkdir()
    assert found("backups").state == State.WARN, "none is whole"
    for age, state in ((timedelta(days=3), State.BAD), (timedelta(hours=30), State.OK)):
        (tmp_path / "backups" / folders.name_of(AT - age)).mkdir()
        assert found("backups").state == state
