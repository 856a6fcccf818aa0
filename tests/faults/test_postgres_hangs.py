"""PostgreSQL hangs: it takes connections and answers nothing, as on a frozen machine.

What people see and how soon is the same as when it is stopped (test_postgres_away.py).
"""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from sbk_portal import hung_server
from tests.faults.deployed_portal import BACK_WITHIN, POSTS, assert_sentence
from tests.faults.postgres_server import is_installed

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not is_installed(), reason="PostgreSQL is not installed"),
]
LONGER_THAN_PATIENCE = hung_server.PAGE_PATIENCE * 3


@contextmanager
def hung(server):
    server.hang()
    try:
        yield
    finally:
        server.go_on()


@pytest.mark.parametrize("pause", [1, 70])
def test_pages_and_forms_are_answered_and_the_return_is_noticed(world, pause):
    portal, server = world
    token, cookie = portal.form()
    with hung(server):
        until = time.monotonic() + pause
        while True:
            assert_sentence(portal.get())
            for path in POSTS:
                answer = portal.post(path, token, cookie)
                assert_sentence(answer)
                assert "没有保存" in answer[1], path
            if time.monotonic() > until:
                break
        status, text, seconds = portal.get("/readyz")
        assert (status, "database unreachable" in text, seconds < 3) == (503, True, True)
        assert portal.get("/livez")[0] == 200
    assert portal.wait_until_it_serves(seconds=30) < BACK_WITHIN
    assert portal.post(POSTS[0], *portal.form())[0] == 200  # not signed in: the words are wrong
    assert portal.manage("verify_integrity").returncode == 0


def test_many_at_once_are_answered_as_soon(world):
    portal, server = world
    with hung(server), ThreadPoolExecutor(4) as people:
        for answer in people.map(lambda _: portal.get(), range(4)):
            assert_sentence(answer)
    assert portal.wait_until_it_serves(seconds=30) < BACK_WITHIN


def test_a_page_that_is_under_way_gives_up(world):
    portal, server = world
    with server.connect() as other, other.transaction(), ThreadPoolExecutor(1) as people:
        other.execute("LOCK TABLE regions_province IN ACCESS EXCLUSIVE MODE")
        page = people.submit(portal.get)
        time.sleep(0.5)
        with hung(server):
            began = time.monotonic()
            page.result()
            seconds = time.monotonic() - began
            assert_sentence((*page.result()[:2], seconds))
    assert portal.wait_until_it_serves(seconds=30) < BACK_WITHIN


def test_a_page_that_waits_for_somebody_is_not_given_up(world):
    portal, server = world
    with server.connect() as other, ThreadPoolExecutor(1) as people:
        with other.transaction():
            other.execute("LOCK TABLE regions_province IN ACCESS EXCLUSIVE MODE")
            page = people.submit(portal.get)
            time.sleep(LONGER_THAN_PATIENCE)
        status, _, seconds = page.result()
    assert status == 200
    assert seconds >= LONGER_THAN_PATIENCE


def test_the_doctor_says_so_in_the_shell(world):
    portal, server = world
    with hung(server):
        doctor = portal.manage("doctor", timeout=60)
    assert doctor.returncode == 1
    assert "数据库" in doctor.stdout + doctor.stderr
