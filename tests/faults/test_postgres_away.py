"""PostgreSQL is away: an answer within three seconds, and pages within five of its return."""

import http.client
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from urllib.parse import urlencode

import psycopg
import pytest
from django.conf import settings

from tests.faults.postgres_server import is_installed, own_postgres
from tests.processes import free_port
from tests.test_settings import NEUTRAL, PRODUCTION

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not is_installed(), reason="PostgreSQL is not installed"),
]
PAGE = "/areas/"
APPLICATION = "sbk_app"
ANSWERS_WITHIN, BACK_WITHIN = 3, 5  # seconds
CSRF_COOKIE = "__Host-csrftoken"
# Where people sign in, submit, pay and ask for a code.
SIGN_IN = "/accounts/login/"
POSTS = [
    SIGN_IN,
    "/apply/ABCDEFGHJKLMNPQR/confirm/",
    "/pay/ABCDEFGHJKLMNPQR/",
    "/verify/ABCDEFGHJKLMNPQR/",
]


class Portal:
    """The portal in production mode, as it is deployed: gunicorn with threads, and a pool."""

    def __init__(self, server, var):
        self.server, self.port = server, free_port()
        self.env = {**NEUTRAL, **PRODUCTION}
        self.env |= {"DATABASE_URL": server.url, "ALLOWED_HOSTS": "127.0.0.1"}
        self.env |= {"SBK_VAR_DIR": str(var), "SECURE_SSL_REDIRECT": "0", "DB_POOL": "2"}
        self.env |= {"SBK_STATIC_IS_COLLECTED": "0"}

    def prepare(self):
        """Make the tables as their owner; from then on the portal connects as its own role."""
        with self.server.connect() as connection:
            connection.execute(f"CREATE ROLE {APPLICATION} LOGIN")
        migrate = ["migrate", "--no-input", "--verbosity=0"]
        for command in (migrate, ["load_regions"], ["database_roles", APPLICATION]):
            done = subprocess.run(
                [sys.executable, "manage.py", *command],
                cwd=settings.BASE_DIR,
                env=self.env,
                check=False,
                timeout=400,
                capture_output=True,
                text=True,
            )
            assert done.returncode == 0, done.stderr
        self.env["DATABASE_URL"] = self.server.url.replace("//portal@", f"//{APPLICATION}@")

    def start(self):
        arguments = ["gunicorn", "sbk_portal.wsgi", f"--bind=127.0.0.1:{self.port}"]
        arguments += ["--worker-class=gthread", "--threads=4", "--no-control-socket"]
        return subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=settings.BASE_DIR,
            env=self.env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def get(self, path=PAGE):
        """(status, text, seconds) of one request."""
        return self._ask("GET", path)

    def post(self, path, token, cookie):
        """The same of a form that was loaded before, sent with its token and cookie."""
        headers = {
            "Cookie": f"{CSRF_COOKIE}={cookie}; __Host-sessionid=of-somebody-who-is-signed-in",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        body = urlencode({"csrfmiddlewaretoken": token, "login": "T0001", "password": "secret"})
        return self._ask("POST", path, body, headers)

    def _ask(self, method, path, body=None, headers=None):
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            self.cookies = answer.headers.get_all("Set-Cookie", [])
            return answer.status, answer.read().decode(), time.monotonic() - began
        finally:
            connection.close()

    def form(self):
        """(token, cookie) of the page of signing in."""
        page = self.get(SIGN_IN)[1]
        [cookie] = [each for each in self.cookies if each.startswith(CSRF_COOKIE)]
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
        return token, cookie.split(";")[0].removeprefix(f"{CSRF_COOKIE}=")

    def wait_until_it_serves(self, *, seconds):
        """How long that took."""
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            try:
                if self.get()[0] == 200:
                    return time.monotonic() - began
            except OSError:
                pass
            time.sleep(0.1)
        raise AssertionError(f"no page within {seconds} s")


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """(portal, server), both running."""
    with own_postgres() as server:
        portal = Portal(server, tmp_path_factory.mktemp("var"))
        portal.prepare()
        process = portal.start()
        try:
            portal.wait_until_it_serves(seconds=30)
            yield portal, server
        finally:
            process.terminate()
            process.wait(timeout=20)


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
        doctor = subprocess.run(
            [sys.executable, "manage.py", "doctor"],
            cwd=settings.BASE_DIR,
            env=portal.env,
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
    assert doctor.returncode == 1
    assert "数据库" in doctor.stdout + doctor.stderr


def assert_sentence(answer):
    status, text, seconds = answer
    assert (status, seconds < ANSWERS_WITHIN) == (503, True), (status, seconds)
    assert "数据库暂时连不上" in text


def test_whoever_sends_a_form_reads_that_it_was_not_saved(world):
    portal, server = world
    token, cookie = portal.form()
    with stopped(server):
        for path in POSTS:
            answer = portal.post(path, token, cookie)
            assert_sentence(answer)
            assert "没有保存" in answer[1], path
    assert portal.wait_until_it_serves(seconds=30) < BACK_WITHIN


@pytest.mark.parametrize("pause", [1, 12])
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
