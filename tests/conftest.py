"""The harness: what every test may rely on, whatever database and broker it runs on."""

import importlib.util
import os
import uuid

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import override_settings

from apps.events import append_only
from sbk_portal.celery import app as celery_app

pytest_plugins = ["tests.chromium", "tests.region_data"]

APPEND_ONLY = (append_only.EVENTS, "review_deskevent")
HAS_FACES = all(
    importlib.util.find_spec(name) for name in ("_dlib_pybind11", "face_recognition_models")
)


def pytest_report_header(config):
    database = django_settings.DATABASES["default"]
    where = f" on {database['HOST']}" if database.get("HOST") else ""
    broker = "Redis" if django_settings.REDIS_URL else "files"
    return (
        f"database: {database['ENGINE'].rsplit('.', 1)[-1]}{where}; cache and broker: "
        f"{broker}; face wheels: {'yes' if HAS_FACES else 'no'}"
    )


def pytest_collection_modifyitems(config, items):
    postgresql = connection.vendor == "postgresql"
    is_ci = os.environ.get("CI") == "true"
    for item in items:
        if item.get_closest_marker("slow") and not is_ci:
            item.add_marker(pytest.mark.skip(reason="slow: runs in CI only, or with CI=true"))
        if item.get_closest_marker("postgres") and not postgresql:
            item.add_marker(
                pytest.mark.skip(reason="needs PostgreSQL: set DATABASE_URL=postgres://…")
            )
        if item.get_closest_marker("faces") and not HAS_FACES and not is_ci:
            item.add_marker(pytest.mark.skip(reason="the face wheels are not installed"))


@pytest.fixture(scope="session", autouse=True)
def _test_settings(tmp_path_factory):
    """Fast passwords, and files and messages of tests away from those of a running portal."""
    broker = tmp_path_factory.mktemp("broker")
    overrides = override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        MEDIA_ROOT=tmp_path_factory.mktemp("private"),
    )
    if not django_settings.REDIS_URL:
        celery_app.conf.broker_transport_options.update(
            data_folder_in=str(broker),
            data_folder_out=str(broker),
            control_folder=str(broker / "control"),
        )
    with overrides:
        yield


@pytest.fixture(autouse=True)
def _own_cache(settings):
    """An empty cache for each test, by a prefix of its own: other processes share the Redis."""
    cache = {**settings.CACHES["default"], "KEY_PREFIX": uuid.uuid4().hex}
    settings.CACHES = {"default": cache}


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, tmp_path_factory):
    """SQLite in a file: threads of a live server then have connections of their own."""
    if connection.vendor == "sqlite":
        name = tmp_path_factory.mktemp("database") / "test.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(name)
        # Nobody needs the data of a test after the power failed.
        options = connection.settings_dict["OPTIONS"]
        options["init_command"] = options["init_command"].replace("NORMAL", "OFF")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup):
    """Let the flush after a transactional test empty the append-only tables, and nothing else."""
    operations = type(connection.ops)  # the class: under Playwright the connection is another one
    flush = operations.execute_sql_flush

    def flush_without_triggers(self, sql_list):
        for table in APPEND_ONLY:
            append_only.unprotect(self.connection, table)
        try:
            flush(self, sql_list)
        finally:
            for table in APPEND_ONLY:
                append_only.protect(self.connection, table)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "execute_sql_flush", flush_without_triggers)
        yield
