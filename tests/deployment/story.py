"""What people and monitoring see of the installed portal, over TLS."""

import http.client
import socket
import ssl
import subprocess
import threading
import time
from statistics import median
from types import SimpleNamespace

import pytest
from django.urls import reverse

from tests.deployment.check import PASSWORDS
from tests.deployment.line import Line
from tests.journeys.steps import FORM, HAND_IN, agree, pay, precheck, put_portrait, ship
from tests.journeys.visitor import Visitor

PHONE = "13800001001"
LOADERS, PAUSE = 3, 0.2  # threads; seconds between the pairs of requests of each
LONG = 120  # seconds, on a slow and busy machine; what is quick does not wait for it
HEADERS = {
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'",
    "Referrer-Policy": "same-origin",
}


def tell(machine, env, messages):
    portal = Portal(machine, env)
    for act in (
        portal.what_a_browser_gets,
        lambda: portal.an_application(messages),
        portal.a_decision,
        portal.a_reload_under_load,
        portal.the_book_is_closed_to_the_application,
    ):
        began = time.monotonic()
        act()
        name = getattr(act, "__name__", "").strip("<>").replace("lambda", "an_application")
        print(f"  {name.replace('_', ' ')}: {time.monotonic() - began:.1f} s")


def wait_until(condition, *, seconds, what):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"not within {seconds} s: {what}"
        time.sleep(0.5)


def hand_in(me, messages, phone):
    """From the first page to 申领提交成功; `phone` gets the code."""
    precheck(agree(me))
    put_portrait(me)
    me.fill(**FORM).press("下一步：核对信息").press("获取验证码")
    me.fill(code=messages.code(phone)).press(HAND_IN).see("申领提交成功")


class Portal:
    def __init__(self, machine, env):
        self.machine, self.env = machine, env
        self.certificate = str(machine.folder / "ca.crt")

    def line(self):
        return Line(self.machine.url, certificate=self.certificate)

    def visitor(self, employee_number, *, at="/accounts/login/"):
        visitor = Visitor(client=self.line()).open(at)
        person = SimpleNamespace(employee_number=employee_number)
        return visitor.sign_in(person, password=PASSWORDS[employee_number])

    # --- Proxy and headers

    def what_a_browser_gets(self):
        line = self.line()
        page = line.get("/")
        assert page.status_code == 200, page.status_code
        for name, value in HEADERS.items():
            assert value in page.headers.get(name, ""), (name, page.headers.get(name))
        for answer in (page, line.get("/accounts/login/"), line.get("/no-such-page/")):
            assert answer.headers.get("Server", "nginx") == "nginx", answer.headers["Server"]
            assert "X-Powered-By" not in answer.headers
        cookies = line.session.cookies
        assert [*cookies], "the sign-in page sets its CSRF cookie"
        assert all(cookie.secure for cookie in cookies)
        assert line.get("/readyz").json() == {"status": "ok"}
        self._a_body_that_is_too_large(line)
        self._without_tls()
        self._under_another_name()

    def _a_body_that_is_too_large(self, line):
        answer = line.session.post(f"{self.machine.url}/accounts/login/", data=b"x" * 13_000_000)
        assert answer.status_code == 413, answer.status_code
        assert "文件太大" in answer.text

    def _without_tls(self):
        connection = http.client.HTTPConnection("localhost", self.machine.http, timeout=5)
        connection.request("GET", "/accounts/login/")
        answer = connection.getresponse()
        assert answer.status == 301
        assert answer.headers["Location"] == "https://localhost/accounts/login/"
        assert answer.headers["Server"] == "nginx"
        answer.read()
        connection.request("POST", "/payments/notify/alipay/", body=b"")
        assert connection.getresponse().status == 403

    def _under_another_name(self):
        context = ssl.create_default_context(cafile=self.certificate)
        with (
            socket.create_connection(("127.0.0.1", self.machine.https), timeout=5) as plain,
            pytest.raises(ssl.SSLError, match="(?i)unrecognized[ _]name"),
        ):
            context.wrap_socket(plain, server_hostname="elsewhere.example")

    # --- People

    def an_application(self, messages):
        me = self.visitor("T1001")
        hand_in(me, messages, PHONE)
        pay(ship(me))
        wait_until(
            lambda: "支付成功" in me.reload().text, seconds=LONG, what="the money is reported"
        )
        me.follow("查看制卡进度")
        accepted = "现在由人事处审核"
        wait_until(lambda: accepted in me.reload().text, seconds=LONG, what="the worker accepts")
        # Not the slowest one: a busy machine may hold up a single answer.
        assert median(me.client.seconds) < 3, sorted(me.client.seconds)[-3:]
        print(f"    an answer in the middle after {median(me.client.seconds):.2f} s")
        self.me = me

    def a_decision(self):
        desk = self.visitor("admin", at="/admin/")
        desk.open(reverse("admin:cards_cardrequest_changelist")).follow("*超").press("领办这件")
        desk.press("审核通过").see("已审核通过")
        self.me.reload().see("审核通过")

    # --- Operation

    def a_reload_under_load(self):
        """New workers take over while people load and send pages: no request is lost."""
        answers, slowest, is_over = [], [], threading.Event()

        def load():
            line = self.line()
            # Three of these make 30 requests a second at most, however fast the machine is: nginx
            # lets one address make 50.
            while not is_over.wait(PAUSE):
                try:
                    answers.append(line.get("/areas/").status_code)
                    # Without a token it is refused, by the portal.
                    answers.append(line.post("/account/look/", {}).status_code)
                except OSError as error:
                    answers.append(type(error).__name__)
            slowest.append(max(line.seconds))

        threads = [threading.Thread(target=load) for _ in range(LOADERS)]
        for thread in threads:
            thread.start()
        try:
            for _ in range(2):
                time.sleep(1)
                self._reload()
            time.sleep(1)
        finally:
            is_over.set()
            for thread in threads:
                thread.join()
        assert {200, 403} <= set(answers), "pages were loaded and sent"
        assert set(answers) <= {200, 403}, {kind: answers.count(kind) for kind in set(answers)}
        print(f"    {len(answers)} answers, the slowest after {max(slowest):.1f} s")

    def _reload(self):
        before = self.workers()
        self.systemctl("reload", "sbk-web")
        wait_until(lambda: not before & self.workers(), seconds=LONG, what="new workers")

    def workers(self):
        pid = (self.machine.run / "sbk-web.service.pid").read_text()
        found = subprocess.run(["pgrep", "-P", pid], capture_output=True, text=True, check=False)
        return set(found.stdout.split())

    def systemctl(self, *arguments):
        subprocess.run(["systemctl", *arguments], env=self.env, check=True)

    def the_book_is_closed_to_the_application(self):
        url = (self.machine.etc / "secrets" / "DATABASE_URL").read_text().strip()
        for statement, is_allowed in (
            ("SELECT count(*) FROM events_event", True),
            ("DELETE FROM events_event", False),
            ("ALTER TABLE events_event DISABLE TRIGGER ALL", False),
            ("CREATE TABLE mine (x int)", False),
        ):
            done = subprocess.run(
                ["psql", url, "--command", statement], capture_output=True, check=False
            )
            assert (done.returncode == 0) == is_allowed, (statement, done.stderr)
