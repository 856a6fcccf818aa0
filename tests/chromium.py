"""Fixtures for tests in a real browser.

Mark the test `browser`, take `phone` or `desktop` (pages with the live server as base URL) and
`goto("/path/")`. What the console says in error, violations of the content security policy
included, fails the test at its end; a test that provokes an error clears it from `console_errors`.
"""

import os
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connections
from playwright.sync_api import sync_playwright

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}


def find_chromium():
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
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
        yield browser
        browser.close()
        # Beside a running loop Django opens connections of their own, which would outlive the loop.
        connections.close_all()


@pytest.fixture
def console_errors():
    """What went wrong in the browser during this test, as text; it must be empty at the end."""
    return []


@pytest.fixture
def open_page(live_server, chromium, console_errors):
    """Open a page in a context of its own: `open_page(viewport=PHONE, java_script_enabled=False)`.

    Takes the options of Playwright's `new_context`.
    """
    contexts = []

    def open_page(**options):
        context = chromium.new_context(
            base_url=live_server.url,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            **options,
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        context.on("console", note_message)
        context.on("weberror", lambda error: console_errors.append(str(error.error)))
        return context.new_page()

    def note_message(message):
        if message.type == "error":
            console_errors.append(f"{message.text} ({message.location['url']})")

    yield open_page
    for context in contexts:
        context.close()
    assert console_errors == []


@pytest.fixture
def phone(open_page):
    return open_page(viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2)


@pytest.fixture
def desktop(open_page):
    return open_page(viewport=DESKTOP)


@pytest.fixture(scope="session")
def assert_accessible():
    """`assert_accessible(page)`: axe finds no violation on the page as it stands."""
    axe = Axe()

    def assert_accessible(page):
        # Preloading would fetch what a sheet imports and put it into the page as inline styles.
        found = axe.run(page, options={"preload": False}).response["violations"]
        lines = [
            f"{violation['id']}: {violation['help']}: {node['target']}"
            for violation in found
            for node in violation["nodes"]
        ]
        assert lines == []

    return assert_accessible
