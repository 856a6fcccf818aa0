"""PostgreSQL is away: an answer within three seconds, and pages within five of its return."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import psycopg
import pytest

from tests.faults.deployed_portal import ANSWERS_WITHIN, BACK_WITHIN, POSTS, assert_sentence
from tests.faults.postgres_server import is_installed

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not is_installed(), reason="PostgreSQL is not installed"),
]


@contextmanager
def stopped(server):
    server.stop()
    try:
        yield
    finally:
        server.start()


def test_the_doctor_says_so_in_the_shell(world):
    portal, server = world
    with stopped(server):
        doctor = portal.manage("doctor", timeout=100)
    assert doctor.returncode == 1
    assert "数据库" in doctor.stdout + doctor.stderr


def test_whoever_sends_a_form_reads_that_it_was_not_saved(world):
    portal, server = world
    token, cookie = portal.form()
    with stopped(server):
        for path in POSTS:
            answer = portal.post(path, token, cookie)
            assert_sentence(answer)
            assert "没有保存" in answer[1], path
    assert portal.wait_until_it_serves(seconds=30) < BACK_WITHIN


@pytest.mark.parametrize("pause", [1, 70])
def test_a_stopped_database_is_a_sentence_and_its_return_is_noticed(world, pause):
    """A longer outage is no other case: the pool gives up after `reconnect_timeout` (2 s), and
    from then on tries anew for each request, however long that goes on.
    """
    portal, server = world
    with stopped(server):
        until = time.monotonic() + pause
        while True:
            assert_sentence(portal.get())
            if time.monotonic() > until:
                break
            time.sleep(0.3)
        assert portal.get("/healthz")[0] == 503
    assert portal.wait_until_it_serves(seconds=30) < BACK_WITHIN
    assert portal.manage("verify_integrity").returncode == 0


def test_more_requests_than_connections_are_a_sentence_and_no_queue(world):
    """Two pages hold both connections of the pool: who comes then waits two seconds at most."""
    portal, server = world
    with server.connect() as other, ThreadPoolExecutor(4) as people:
        with other.transaction():
            other.execute("LOCK TABLE regions_province IN ACCESS EXCLUSIVE MODE")
            held = [people.submit(portal.get) for _ in range(2)]
            time.sleep(1)
            for _ in range(2):
                assert_sentence(portal.get())
        assert [page.result()[0] for page in held] == [200, 200]
    assert portal.get()[0] == 200


def test_connections_that_the_server_has_closed_are_not_noticed(world):
    portal, server = world
    assert portal.get()[0] == 200
    server.close_all_connections()
    assert portal.get()[0] == 200


def test_a_database_without_a_free_connection_is_a_sentence(world):
    portal, server = world
    with ExitStack() as held:
        server.close_all_connections()
        while True:
            try:
                held.enter_context(server.connect())
            except psycopg.OperationalError:
                break
        status, text, seconds = portal.get()
        assert (status, seconds < ANSWERS_WITHIN) == (503, True), (status, seconds)
    assert portal.wait_until_it_serves(seconds=30) < BACK_WITHIN
