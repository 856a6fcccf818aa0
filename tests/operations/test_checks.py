"""Each check: well when it should be, bad when it should be, and never without a remedy."""

import socket
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder

from apps.backup import folders
from apps.cards.enums import RequestStatus
from apps.common import broker
from apps.operations import keys, services
from apps.operations.checks import CHECKS, by_key, machine, processes
from apps.operations.enums import ProcessKind, State
from apps.operations.examination import HealthCheck, examine
from apps.operations.models import TaskRun
from apps.payments import services as payments
from apps.payments.models import Payment
from tests.clamd import Scanner
from tests.factories.cards import AT, make_request
from tests.factories.payments import LATER, make_paid

pytestmark = pytest.mark.django_db

TASK = "apps.payments.tasks.reconcile"


def found(key, at=AT):
    return by_key(key).find(at)


def test_every_check_has_a_key_of_its_own_and_says_what_to_do():
    assert len({check.key for check in CHECKS}) == len(CHECKS)
    for check in CHECKS:
        assert len(check.remedy) > 10
        assert check.remedy.endswith("。")


def test_every_check_can_be_made_on_an_empty_portal():
    for each in examine(CHECKS, at=AT):
        assert each.result.says.endswith("。"), each.check.key


def test_the_document_says_what_every_check_says_to_do():
    text = (settings.BASE_DIR / "docs" / "operations.md").read_text(encoding="utf-8")
    for check in CHECKS:
        assert f"| {check.title} |" in text
        assert check.remedy in text


def test_a_check_that_breaks_is_bad_and_stops_no_other():
    def breaks(at):
        raise KeyError("oops")

    broken = HealthCheck("broken", "坏的", "看日志。", breaks)
    results = examine([broken, by_key("disk")], at=AT)
    assert results[0].result.state == State.BAD
    assert "KeyError" in results[0].result.says
    assert results[1].check.key == "disk"


def test_without_the_database_no_check_pretends():
    def away(at):
        raise OperationalError("no connection")

    with pytest.raises(OperationalError):
        examine([HealthCheck("x", "x", "x", away)], at=AT)


# --- Processes ----------------------------------------------------------------------------------


def sign(kind, *, at, release="1"):
    services.note_process(kind=kind, name=f"host:{release}", release=release, started_at=AT, at=at)


@pytest.mark.parametrize("kind", ProcessKind)
def test_a_process_without_a_sign_of_life_is_an_alarm(kind):
    assert found(kind.lower()).state == State.BAD
    sign(kind, at=AT)
    assert found(kind.lower()).state == State.OK
    later = found(kind.lower(), AT + timedelta(minutes=4))
    assert later.state == State.BAD
    assert "4 分钟以前" in later.says


LATE = timedelta(hours=2)


def start(kind, *, at, seen_at):
    services.note_process(kind=kind, name=f"host:{at}", release="1", started_at=at, at=seen_at)


def test_right_after_the_start_there_is_no_result_yet():
    start(ProcessKind.WEB, at=AT, seen_at=AT)
    make_request(status=RequestStatus.PAID, at=AT - LATE)
    services.watch_tasks(names=[*processes.periods()], at=AT - LATE)
    for key in ("worker", "beat", "tasks", "sweeps"):
        assert found(key, AT + timedelta(minutes=1)).state == State.NEW
        assert found(key, AT + timedelta(minutes=1)).says == "刚启动，还没有结果。"
    start(ProcessKind.WEB, at=AT, seen_at=AT + timedelta(minutes=3))
    for key in ("worker", "beat", "tasks", "sweeps"):
        assert found(key, AT + timedelta(minutes=4)).state == State.BAD


def test_a_part_that_starts_again_and_again_is_no_start_of_the_portal():
    start(ProcessKind.WEB, at=AT - timedelta(minutes=4), seen_at=AT - timedelta(minutes=1))
    start(ProcessKind.WEB, at=AT, seen_at=AT)
    start(ProcessKind.WORKER, at=AT, seen_at=AT)
    assert found("beat").state == State.BAD


def test_a_process_that_died_before_the_clock_was_set_back_is_told():
    sign(ProcessKind.BEAT, at=AT + timedelta(hours=1))
    start(ProcessKind.WEB, at=AT - LATE, seen_at=AT)
    gone = found("beat", AT)
    assert gone.state == State.BAD
    assert gone.says.endswith("最近一次在 0 分钟以前。")
    sign(ProcessKind.BEAT, at=AT)
    assert found("beat", AT).state == State.OK


def test_a_portal_that_started_before_the_clock_was_set_back_is_not_new():
    start(ProcessKind.WEB, at=AT + timedelta(hours=1), seen_at=AT)
    assert found("beat", AT).state == State.BAD


def test_two_releases_at_once_are_told():
    sign(ProcessKind.WEB, at=AT, release="1")
    assert found("releases").state == State.OK
    sign(ProcessKind.WORKER, at=AT, release="2")
    assert found("releases").state == State.WARN


def test_a_task_without_success_for_three_periods_is_an_alarm(monkeypatch):
    monkeypatch.setattr(processes, "periods", lambda: {TASK: 600.0})
    services.watch_tasks(names=[TASK], at=AT)
    assert found("tasks", AT + timedelta(minutes=30)).state == State.OK
    never = found("tasks", AT + timedelta(minutes=31))
    assert never.state == State.BAD
    services.note_start(task=TASK, at=AT + timedelta(minutes=31))
    services.note_end(task=TASK, ms=40, error="", at=AT + timedelta(minutes=31))
    assert found("tasks", AT + timedelta(minutes=60)).state == State.OK
    services.note_end(task=TASK, ms=40, error="OperationalError", at=AT + timedelta(minutes=61))
    failing = found("tasks", AT + timedelta(minutes=62))
    assert failing.state == State.BAD
    assert "OperationalError" in failing.lines[0]


def test_a_success_after_which_the_clock_was_set_back_tells_nothing(monkeypatch):
    monkeypatch.setattr(processes, "periods", lambda: {TASK: 60.0})
    services.watch_tasks(names=[TASK], at=AT)
    services.note_end(task=TASK, ms=40, error="", at=AT + timedelta(hours=1))
    late = found("tasks", AT)
    assert late.state == State.BAD
    assert "-" not in "".join(late.lines).replace(TASK, "")
    services.note_end(task=TASK, ms=40, error="", at=AT)
    assert found("tasks", AT).state == State.OK


def test_a_task_that_ticks_every_few_seconds_survives_a_restart(monkeypatch):
    monkeypatch.setattr(processes, "periods", lambda: {TASK: 3.0})
    services.watch_tasks(names=[TASK], at=AT)
    assert found("tasks", AT + timedelta(minutes=2)).state == State.OK
    assert found("tasks", AT + timedelta(minutes=4)).state == State.BAD


def test_what_is_not_scheduled_any_more_is_not_watched():
    services.watch_tasks(names=["apps.gone.tasks.run", TASK], at=AT)
    services.watch_tasks(names=[TASK], at=AT)
    assert list(TaskRun.objects.values_list("task", flat=True)) == [TASK]


# --- The machine --------------------------------------------------------------------------------


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


def test_the_age_of_a_key_counts_from_its_first_use(settings):
    services.note_keys(digests=keys.digests(), at=AT)
    assert found("keys", AT + timedelta(days=700)).state == State.OK
    late = AT + timedelta(days=800)
    assert found("keys", late).state == State.WARN
    old = settings.SECRET_KEY
    settings.SECRET_KEY = "x" * 50
    services.note_keys(digests=keys.digests(), at=late)
    result = found("keys", late)
    assert any(line.startswith("SECRET_KEY") and "用了 0 天" in line for line in result.lines)
    assert not any(old in line or settings.SECRET_KEY in line for line in result.lines)


def test_a_password_to_database_redis_and_mail_ages_like_a_key(settings, monkeypatch):
    monkeypatch.setitem(settings.DATABASES["default"], "PASSWORD", "of the database")
    settings.REDIS_URL = "redis://:of%20redis@127.0.0.1:6379/0"
    settings.EMAIL_HOST_PASSWORD = "of the mail server"  # noqa: S105
    named = keys.digests()
    assert {"DATABASE_URL", "REDIS_URL", "EMAIL_HOST_PASSWORD"} <= named.keys()
    services.note_keys(digests=named, at=AT)
    settings.REDIS_URL = "redis://:another@127.0.0.1:6379/1"
    assert keys.digests()["REDIS_URL"] != named["REDIS_URL"]
    settings.REDIS_URL = "redis://:of%20redis@127.0.0.1:6379/1"
    assert keys.digests() == named
    settings.REDIS_URL = "redis://127.0.0.1:6379/0"
    assert "REDIS_URL" not in keys.digests()


CERTIFICATE = Path(__file__).with_name("certificate.pem")


@pytest.mark.parametrize(("days", "state"), [(60, State.OK), (20, State.WARN), (-1, State.BAD)])
def test_a_certificate_is_told_of_before_it_ends(settings, certificate, days, state):
    settings.SOME_CERT = certificate
    (ends_at,) = [ends_at for name, ends_at in keys.certificates() if name == "SOME_CERT"]
    result = found("certificates", ends_at - timedelta(days=days, minutes=-1))
    assert result.state == state


def test_a_certificate_that_is_not_there_is_told(settings):
    settings.SOME_CERT = "/nowhere/portal.crt"
    assert found("certificates").state == State.WARN


# --- The work -----------------------------------------------------------------------------------


def test_what_is_due_for_long_is_told_by_its_queue():
    make_request(RequestStatus.PAID, at=AT)
    assert found("sweeps", AT + timedelta(minutes=5)).state == State.OK
    assert found("sweeps", AT + timedelta(minutes=30)).state == State.WARN
    late = found("sweeps", AT + timedelta(hours=2))
    assert late.state == State.BAD
    assert any(line.startswith("已缴费待受理的申请") for line in late.lines)


def test_nothing_is_said_to_wait_for_less_than_no_time(settings):
    """The clock was set back: what was owed and what was kept began later than now."""
    services.note_keys(digests=keys.digests(), at=AT + timedelta(days=3))
    assert not any("-" in line.partition("用了")[2] for line in found("keys", AT).lines)
    payments.refund(payment=make_paid(), reason="未通过", by=None, at=LATER)
    Payment.objects.update(last_error="没有回答")
    assert found("refunds", LATER - timedelta(days=3)).says.startswith("没有到账的退款 1 笔，")


# --- The virus scanner --------------------------------------------------------------------------


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
