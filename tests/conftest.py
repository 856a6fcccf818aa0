"""The harness: what every test can rely on, with any database and broker."""

import gc
import importlib.util
import logging
import os
from collections import defaultdict

import pytest
from _pytest import runner
from django.conf import settings as django_settings
from django.core import mail
from django.core.signals import setting_changed
from django.db import connection
from django.test import client, override_settings
from django.test.client import ClientHandler

from apps.common import kept_here
from apps.gateways import wire
from sbk_portal.celery import app as celery_app
from tests import contests
from tests.factories import recorded
from tests.phones import Phones
from tests.soundness import assert_sound

pytest_plugins = ["tests.chromium", "tests.database", "tests.desk_browser", "tests.region_data"]

HAS_FACES = all(
    importlib.util.find_spec(name) for name in ("_dlib_pybind11", "face_recognition_models")
)


# Modules whose patches change nothing that a factory records: pytest-django patches the one of
# e-mails in every test, and no recording may call a gateway (tests/factories/recorded.py).
NOT_IN_FACTORIES = (mail.message, wire)

# So many cases of a test that is marked `sampled`, spread over all of them, run everywhere.
SAMPLE = 3

# Imported modules and collected tests stay until the end, so the collector need not look at them.
gc.disable()


def pytest_collection_finish():
    gc.freeze()
    # With Python's default thresholds the garbage collector takes 5 % of the time of all tests.
    gc.set_threshold(100_000, 20, 100)
    gc.enable()


def _run_with_room(item, nextitem):
    return runner.pytest_runtest_protocol(item, nextitem)


# Python keeps the frames of functions in pieces of 16 KB and asks the system for the next one each
# time that a call crosses the end of one: where a loop does so, a sixth of the time of all tests.
# A frame that asks for a megabyte gets a piece in which all the calls below it have room.
_run_with_room.__code__ = _run_with_room.__code__.replace(co_stacksize=140_000)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item, nextitem):
    return _run_with_room(item, nextitem)


def pytest_report_header(config):
    database = django_settings.DATABASES["default"]
    where = f" on {database['HOST']}" if database.get("HOST") else ""
    broker = "Redis" if django_settings.REDIS_URL else "files"
    return (
        f"database: {database['ENGINE'].rsplit('.', 1)[-1]}{where}; broker: "
        f"{broker}; face wheels: {'yes' if HAS_FACES else 'no'}"
    )


def pytest_collection_modifyitems(config, items):
    postgresql = connection.vendor == "postgresql"
    is_ci = os.environ.get("CI") == "true"
    slow = set() if is_ci else _slow(items)
    for item in items:
        if item in slow:
            item.add_marker(pytest.mark.skip(reason="slow: runs in CI only, or with CI=true"))
        if item.get_closest_marker("postgres") and not postgresql:
            item.add_marker(
                pytest.mark.skip(reason="needs PostgreSQL: set DATABASE_URL=postgres://…")
            )
        if item.get_closest_marker("faces") and not HAS_FACES and not is_ci:
            item.add_marker(pytest.mark.skip(reason="the face wheels are not installed"))


def _slow(items):
    """The tests that run in CI only: slow ones, most browser tests, most cases of long products."""
    found, cases = set(), defaultdict(list)
    for item in items:
        is_browser = item.get_closest_marker("browser") and not item.get_closest_marker("smoke")
        if item.get_closest_marker("slow") or is_browser:
            found.add(item)
        elif item.get_closest_marker("sampled"):
            cases[item.nodeid.partition("[")[0]].append(item)
    for each in cases.values():
        found.update(set(each) - set(each[:: max(1, len(each) // SAMPLE)]))
    return found


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup():
    recorded.now.is_patched = False


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call():
    contests.held.clear()
    result = yield
    if contests.held:
        assert_sound()
    return result


@pytest.fixture(scope="session", autouse=True)
def _test_settings(tmp_path_factory):
    """Fast passwords, and files and messages of tests away from those of a running portal."""
    broker = tmp_path_factory.mktemp("broker")
    overrides = override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        MEDIA_ROOT=tmp_path_factory.mktemp("private"),
        # Every Client builds the middleware anew: it need not read all static files each time.
        WHITENOISE_USE_FINDERS=False,
        # Tests run at any hour.
        QUIET_HOURS="",
    )
    if not django_settings.REDIS_URL:
        celery_app.conf.broker_transport_options.update(
            data_folder_in=str(broker),
            data_folder_out=str(broker),
            control_folder=str(broker / "control"),
        )
    with overrides:
        recorded.now.settings_changed = 0
        yield


@pytest.fixture(autouse=True)
def _nothing_is_kept_of_other_tests():
    kept_here.forget_all()


@pytest.fixture(scope="session", autouse=True)
def _note_patches():
    """Factories repeat no recorded rows in a test that patches what they could use."""

    def noting(change):
        def change_and_note(patch, target, *args, **options):
            if target not in NOT_IN_FACTORIES:
                recorded.now.is_patched = True
            change(patch, target, *args, **options)

        return change_and_note

    with pytest.MonkeyPatch.context() as own:
        for name in ("setattr", "setitem", "delattr", "delitem"):
            own.setattr(pytest.MonkeyPatch, name, noting(getattr(pytest.MonkeyPatch, name)))
        recorded.now.is_patched = False
        yield


@pytest.fixture(scope="session", autouse=True)
def _middleware_once():
    """Let all test clients share one chain of middleware until a setting changes."""
    chains = {}
    load = ClientHandler.load_middleware

    def load_once(handler):
        if not chains:
            load(handler)
            chains["chain"] = handler._middleware_chain
        handler._middleware_chain = chains["chain"]

    def forget(**kwargs):
        chains.clear()

    setting_changed.connect(forget)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ClientHandler, "load_middleware", load_once)
        yield
    setting_changed.disconnect(forget)


@pytest.fixture(scope="session", autouse=True)
def _contexts_of_whole_pages():
    """Keep for `response.context` what a page or text was made from, not each part of it.

    Django's test client copies the context for every template that a page includes.
    """
    store = client.store_rendered_templates

    def store_whole(kept, signal, sender, template, context, **kwargs):
        if context.template is template:
            store(kept, signal, sender, template, context, **kwargs)
        else:
            kept.setdefault("templates", []).append(template)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(client, "store_rendered_templates", store_whole)
        yield


@pytest.fixture
def silent():
    """Turn off logging, which would write a line or a traceback for each refusal."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def phones(settings):
    """The messages that were sent, as (phone, text)."""
    settings.SMS_SENDER = "tests.phones.Phones"
    Phones.sent = []
    return Phones.sent
