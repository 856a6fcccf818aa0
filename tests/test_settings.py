"""Settings of both modes, as a process of their own reads them."""

import json
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from sbk_portal import rules
from tests.settings_process import NEUTRAL, PRODUCTION, values


def python(*arguments, env):
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env={**NEUTRAL, **env},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.slow
def test_the_deployment_check_of_the_production_mode_finds_nothing():
    result = python("manage.py", "check", "--deploy", "--fail-level=WARNING", env=PRODUCTION)
    assert result.returncode == 0, result.stderr


def test_the_stand_in_of_a_demonstration_is_not_there_in_production():
    env = PRODUCTION | {"SBK_DEMO": "1", "DEMO_SINGLE_SIGN_ON": "cas"}
    assert values("DEMO_SINGLE_SIGN_ON", "CAS_SERVER_URL", env=env) == {
        "DEMO_SINGLE_SIGN_ON": "",
        "CAS_SERVER_URL": "",
    }


def test_production_keeps_what_it_was_given():
    read = values(
        "SECRET_KEY", "DATABASES", "CACHES", "CELERY_BROKER_URL", "DEBUG", "DEMO", env=PRODUCTION
    )
    assert read["SECRET_KEY"] == PRODUCTION["SECRET_KEY"]
    database = read["DATABASES"]["default"]
    assert database["OPTIONS"]["sslmode"] == "verify-full"
    assert database["OPTIONS"]["pool"]["max_size"] == 8
    assert database["CONN_MAX_AGE"] == 0
    assert read["CELERY_BROKER_URL"] == PRODUCTION["REDIS_URL"]
    assert not read["DEBUG"]


def test_cookies_and_transport_of_production_are_bound_to_tls():
    names = {
        "SESSION_COOKIE_NAME": "__Host-sessionid",
        "CSRF_COOKIE_NAME": "__Host-csrftoken",
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_SECURE": True,
        "SESSION_COOKIE_DOMAIN": None,
        "SECURE_HSTS_SECONDS": 365 * 24 * 3600,
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
        "SECURE_SSL_REDIRECT": True,
    }
    assert values(*names, env=PRODUCTION) == names


def test_a_value_may_stand_in_a_file(tmp_path):
    secret, url = tmp_path / "key", tmp_path / "url"
    secret.write_text(PRODUCTION["SECRET_KEY"] + "\n")
    url.write_text("postgres://portal:from-a-file@127.0.0.1/portal")
    env = {name: PRODUCTION[name] for name in PRODUCTION.keys() - {"SECRET_KEY", "DATABASE_URL"}}
    env |= {"SECRET_KEY_FILE": str(secret), "DATABASE_URL_FILE": str(url), "DB_POOL": "0"}
    read = values("SECRET_KEY", "DATABASES", env=env)
    assert read["SECRET_KEY"] == PRODUCTION["SECRET_KEY"]
    assert read["DATABASES"]["default"]["PASSWORD"] == "from-a-file"
    assert "pool" not in read["DATABASES"]["default"]["OPTIONS"]


def test_postgresql_is_pooled_in_the_embedded_mode_too(tmp_path):
    env = {"DATABASE_URL": PRODUCTION["DATABASE_URL"], "SBK_VAR_DIR": str(tmp_path)}
    options = values("DATABASES", env=env)["DATABASES"]["default"]["OPTIONS"]
    assert options["pool"]["max_size"] == 8


def test_production_is_never_a_demonstration():
    assert values("DEMO", env={**PRODUCTION, "SBK_DEMO": "1"}) == {"DEMO": False}


@pytest.mark.slow
def test_the_embedded_mode_makes_its_secrets_once_and_keeps_them_to_itself(tmp_path):
    env = {"SBK_VAR_DIR": str(tmp_path / "var")}
    names = ("SECRET_KEY", "FIELD_KEYS", "INDEX_KEYS")
    first = values(*names, env=env)
    assert first == values(*names, env=env)
    assert all(first.values())
    assert first != values(*names, env={"SBK_VAR_DIR": str(tmp_path / "other")})
    assert (tmp_path / "var" / "secrets.json").stat().st_mode & 0o077 == 0
    assert (tmp_path / "var").stat().st_mode & 0o077 == 0


def test_every_rule_is_a_setting_and_stands_in_one_file_only():
    names = {name for name in vars(rules) if name.isupper()} - {"DEMO"}
    assert {name: getattr(rules, name) for name in names} == {
        name: getattr(settings, name) for name in names
    }
    source = (settings.BASE_DIR / "sbk_portal" / "settings.py").read_text(encoding="utf-8")
    assert names & set(re.findall(r"^([A-Z_]+)\b.* = ", source, flags=re.M)) == set()


def test_every_static_file_can_be_collected_under_a_hashed_name(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    manifest = json.loads((tmp_path / "staticfiles.json").read_text())
    found = {path for finder in get_finders() for path, _ in finder.list([])}
    assert found <= manifest["paths"].keys()
