"""The portal as it is deployed, on a PostgreSQL that a test may stop: gunicorn, threads, a pool."""

import http.client
import re
import subprocess
import sys
import time
from urllib.parse import urlencode

from django.conf import settings

from tests.processes import free_port
from tests.settings_process import NEUTRAL, PRODUCTION

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


class DeployedPortal:
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
            done = self.manage(*command)
            assert done.returncode == 0, done.stderr
        self.env["DATABASE_URL"] = self.server.url.replace("//portal@", f"//{APPLICATION}@")

    def manage(self, *arguments, timeout=400):
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=settings.BASE_DIR,
            env=self.env,
            check=False,
            timeout=timeout,
            capture_output=True,
            text=True,
        )

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


def assert_sentence(answer):
    """`answer`, as `get` and `post` return it, is the page for a database that is away, in time."""
    status, text, seconds = answer
    assert (status, seconds < ANSWERS_WITHIN) == (503, True), (status, seconds)
    assert "数据库暂时连不上" in text
