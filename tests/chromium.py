"""Fixtures for tests in a real browser.

Mark the test `browser`, take `phone` or `desktop` (pages with the live server as base URL) and
`goto("/path/")`. What the console says in error, violations of the content security policy
included, fails the test at its end; a test that provokes an error clears it from `console_errors`.
"""

import os
import shutil
from collections import defaultdict

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connections
from playwright.sync_api import expect, sync_playwright

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}

# Milliseconds in which what is expected comes, on a machine that does other things as well.
PATIENCE = 30_000


def find_chromium():
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    # The first one draws no window: the same engine with half the processor time.
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Put browser tests last: Playwright leaves an event loop in the thread that started it."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(scope="session")
def chromium(django_db_setup):
    """The browser, one per test process, with a camera that shows a moving test picture."""
    path = find_chromium()
    if path is None:
        reason = "no Chromium on this machine (set CHROMIUM to its path)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Django takes Playwright's loop for an asynchronous caller and would refuse its queries.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--use-fake-device-for-media-stream",
                "--use-fake-ui-for-media-stream",
            ],
        )
        expect.set_options(timeout=PATIENCE)
        yield browser
        browser.close()
        # Beside a running loop Django opens connections of their own, which would outlive the loop.
        connections.close_all()


class Pages:
    """Pages that tests use one after the other: opening one costs as much as loading ten.

    A test gets a page with no cookies, no storage and the viewport that it asked for. A test that
    changes a page for good (by `add_init_script`) needs `take(is_own=True)`: a page that is closed
    afterwards.
    """

    def __init__(self, chromium, base_url):
        self._chromium = chromium
        self._base_url = base_url
        self._idle = defaultdict(list)
        self._taken = []
        self.errors = []

    def take(self, *, is_own, options):
        """A page; `options` are those of Playwright's `new_context`.

        Without `service_workers="allow"` the portal's service worker is not started: it would
        answer requests that a test means to catch.
        """
        options = {"service_workers": "block"} | options
        key = None if is_own else repr(sorted(options.items()))
        page = self._idle[key].pop() if self._idle[key] else self._open(options)
        self._taken.append((key, page, options))
        return page

    def give_back(self):
        """Return all taken pages: stop what is under way in them, and empty their storage."""
        taken, self._taken = self._taken, []
        for key, page, options in taken:
            if key is None or page.is_closed():
                page.context.close()
                continue
            for other in page.context.pages:
                if other != page:
                    other.close()
            self._empty(page, options)
            self._idle[key].append(page)

    def _open(self, options):
        context = self._chromium.new_context(
            base_url=self._base_url, locale="zh-CN", timezone_id="Asia/Shanghai", **options
        )
        context.on("console", self._note_message)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))
        return context.new_page()

    def _empty(self, page, options):
        page.unroute_all(behavior="ignoreErrors")
        if page.url != "about:blank":
            page.evaluate("try { sessionStorage.clear(); localStorage.clear(); } catch {}")
            page.goto("about:blank")
        page.context.clear_cookies()
        page.emulate_media(
            media="null", color_scheme="null", forced_colors="null", reduced_motion="null"
        )
        if "viewport" in options and page.viewport_size != options["viewport"]:
            page.set_viewport_size(options["viewport"])

    def _note_message(self, message):
        if message.type == "error":
            self.errors.append(f"{message.text} ({message.location['url']})")


@pytest.fixture(scope="session")
def _pages(chromium, live_server):
    return Pages(chromium, live_server.url)


@pytest.fixture
def console_errors(_pages):
    """What went wrong in the browser during this test, as text; it must be empty at the end."""
    _pages.errors = []
    return _pages.errors


@pytest.fixture
def open_page(_pages, console_errors):
    """Open a page without a session: `open_page(viewport=PHONE, java_script_enabled=False)`.

    Takes the options of Playwright's `new_context`, and `is_own=True` for a page of its own.
    """

    def open_page(*, is_own=False, **options):
        page = _pages.take(is_own=is_own, options=options)
        page.context.set_default_timeout(PATIENCE)
        page.set_default_timeout(PATIENCE)
        return page

    yield open_page
    _pages.give_back()
    assert console_errors == []


@pytest.fixture
def phone(open_page):
    return open_page(viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2)


@pytest.fixture
def desktop(open_page):
    return open_page(viewport=DESKTOP)


# Two frames later whatever begins to change has begun.
SETTLED = """new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))
    .then(() => Promise.all(document.getAnimations().map((one) => one.finished)))"""


TOO_WIDE = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  return [...document.querySelectorAll("body *")]
    .filter((one) => one.getBoundingClientRect().right > room + 0.5)
    .map((one) => `${one.tagName} ${one.className}`);
}"""


def assert_fits(page):
    """The page is not wider than its screen, once a change of the screen has been drawn."""
    page.evaluate(SETTLED)
    assert page.evaluate(TOO_WIDE) == []


# Preloading would put imported style sheets into the page as inline styles. What axe found in order
# is several times as much as what it did not, and would be made, sent and read for nothing.
VIOLATIONS = """async () =>
  (await axe.run(document, { preload: false, resultTypes: ["violations"] })).violations"""


@pytest.fixture(scope="session")
def assert_accessible():
    """`assert_accessible(page)`: axe finds no violation on the page as it stands."""
    script = Axe().axe_script

    def assert_accessible(page):
        # What is still changing its colour has no contrast yet.
        page.evaluate(SETTLED)
        if not page.evaluate("'axe' in window"):
            page.evaluate(script)
        found = page.evaluate(VIOLATIONS)
        lines = [
            f"{violation['id']}: {violation['help']}: {node['target']} {node['failureSummary']}"
            for violation in found
            for node in violation["nodes"]
        ]
        assert lines == []

    return assert_accessible
