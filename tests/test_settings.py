"""Settings of the production mode, read by a process of their own."""

import base64
import json
import os
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from sbk_portal import environment, rules
from sbk_portal.safety import refuse_unsafe
from tests import fresh_process

# Enough to load the settings in production mode. Used in these tests only.
PRODUCTION = {
    "SBK_MODE": "production",
    "SECRET_KEY": "$dollar-first-and-then-fifty-different-characters-0123456789",
    "FIELD_KEYS": base64.urlsafe_b64encode(bytes(range(32))).decode(),
    "INDEX_KEY": "0123456789abcdef" * 4,
    "SEAL_KEY": base64.b64encode(bytes(range(32))).decode(),
    "DATABASE_URL": "postgres://portal:secret@database.example/portal?sslmode=verify-full",
    "REDIS_URL": "rediss://redis.example:6379/0?ssl_cert_reqs=required",
    "ALLOWED_HOSTS": "sbk.example.edu.cn",
    "PORTAL_URL": "https://sbk.example.edu.cn",
    "CARD_BUREAU": "apps.bureau.adapters.simulated.SimulatedBureau",
    "PORTAL_PAYMENT_KEY": "a key",
    "ALIPAY_APP_ID": "an id",
    "ALIPAY_SELLER_ID": "an id",
    "ALIPAY_PUBLIC_KEY": "a key",
    "SMS_GATEWAY_URL": "https://sms.example/send",
    "SMS_GATEWAY_KEY": "a key",
}
NEUTRAL = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}


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


def values(*names, env):
    """The named settings as a fresh process reads them."""
    code = (
        "import json; from django.conf import settings; "
        f"print(json.dumps({{name: getattr(settings, name) for name in {names!r}}}, default=str))"
    )
    module = {"DJANGO_SETTINGS_MODULE": "sbk_portal.settings"}
    result = fresh_process.run(code, env=NEUTRAL | module | env)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def refusal(env):
    """The last line of a start that is refused."""
    result = fresh_process.run("import sbk_portal.settings", env=NEUTRAL | env)
    assert result.returncode != 0
    return result.stderr.strip().splitlines()[-1]


@pytest.mark.slow
def test_the_deployment_check_of_the_production_mode_finds_nothing():
    result = python("manage.py", "check", "--deploy", "--fail-level=WARNING", env=PRODUCTION)
    assert result.returncode == 0, result.stderr


def test_production_names_everything_that_is_missing_in_one_message():
    message = refusal({"SBK_MODE": "production"})
    assert message.endswith(", ".join(name for name in PRODUCTION if name != "SBK_MODE"))


@pytest.mark.parametrize("name", [name for name in PRODUCTION if name != "SBK_MODE"])
@pytest.mark.slow
def test_production_refuses_to_start_without(name):
    assert refusal({**PRODUCTION, name: " "}).endswith(f"environment: {name}")


@pytest.mark.parametrize("name", ["BUREAU_OUT_DIR", "BUREAU_IN_DIR"])
def test_production_refuses_to_exchange_files_without_both_folders(name):
    folders = {"BUREAU_OUT_DIR": "/srv/out", "BUREAU_IN_DIR": "/srv/in"}
    env = PRODUCTION | folders | {"CARD_BUREAU": "apps.bureau.adapters.files.FilesBureau"}
    assert refusal(env | {name: " "}).endswith(f"environment: {name}")


def test_no_mode_starts_with_a_key_of_the_bureau_that_cannot_be_read():
    assert "公钥读不出来" in refusal({"BUREAU_PUBLIC_KEY": "no key"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SBK_MODE", "prod"),
        ("FIELD_KEYS", "short"),
        ("INDEX_KEY", "short"),
        ("DATABASE_URL", "sqlite:///portal.sqlite3"),
    ],
)
@pytest.mark.slow
def test_production_refuses_a_value_that_cannot_be_right(name, value):
    assert name in refusal({**PRODUCTION, name: value})


UNSAFE = [
    ("SECRET_KEY", "short"),
    ("SECRET_KEY", "a" * 60),
    ("DEBUG", True),
    ("ALLOWED_HOSTS", ["*"]),
    ("ALLOWED_HOSTS", ["sbk.example.edu.cn", "*.edu.cn"]),
    ("PORTAL_URL", "http://sbk.example.edu.cn"),
    ("SMS_GATEWAY_URL", "http://sms.example/send"),
    ("ALIBABA_SMS_URL", "http://sms.example/"),
    ("WECOM_URL", "http://qyapi.example"),
    ("ALIPAY_GATEWAY_URL", "http://pay.example/gateway.do"),
    ("CAS_SERVER_URL", "http://cas.example.edu.cn/cas/"),
    ("CAS_SERVER_URL", "https://sbk.example.edu.cn/demo/cas/"),
    ("OIDC_ISSUER_URL", "http://id.example.edu.cn"),
    ("LOCAL_SIGN_IN", False),
    ("BREACHED_PASSWORDS", "/nowhere/hashes"),
    ("REDIS_URL", "redis://redis.example:6379/0"),
    ("REDIS_URL", "rediss://redis.example:6379/0"),
    ("REDIS_URL", "rediss://redis.example:6379/0?ssl_cert_reqs=none"),
    (
        "REDIS_URL",
        "rediss://redis.example:6379/0?ssl_cert_reqs=required&ssl_check_hostname=false",
    ),
]
SAFE = {
    "SECRET_KEY": PRODUCTION["SECRET_KEY"],
    "DEBUG": False,
    "ALLOWED_HOSTS": ["sbk.example.edu.cn"],
    "PORTAL_URL": "https://sbk.example.edu.cn",
    "SMS_GATEWAY_URL": "",
    "ALIBABA_SMS_URL": "",
    "WECOM_URL": "",
    "ALIPAY_GATEWAY_URL": "https://pay.example/gateway.do",
    "CAS_SERVER_URL": "",
    "OIDC_ISSUER_URL": "",
    "OIDC_CLIENT_ID": "",
    "LOCAL_SIGN_IN": True,
    "BREACHED_PASSWORDS": "",
    "PRIVATE_HOSTS": ["redis"],
    "DATABASES": {"default": {"HOST": "127.0.0.1", "OPTIONS": {}}},
    "REDIS_URL": "redis://127.0.0.1:6379/0",
}


@pytest.mark.parametrize(("name", "value"), UNSAFE)
def test_production_refuses_what_is_unsafe(name, value):
    with pytest.raises(ImproperlyConfigured, match="SBK_DEBUG" if name == "DEBUG" else name):
        refuse_unsafe(SAFE | {name: value})


def database(host, **options):
    return SAFE | {"DATABASES": {"default": {"HOST": host, "OPTIONS": options}}}


@pytest.mark.parametrize("mode", [None, "require", "verify-ca"])
def test_production_takes_a_database_elsewhere_only_when_it_is_verified(mode):
    options = {"sslmode": mode} if mode else {}
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL must have sslmode=verify-full"):
        refuse_unsafe(database("database.example", **options))
    refuse_unsafe(database("database.example", sslmode="verify-full"))
    refuse_unsafe(database("database.example", **options) | {"PRIVATE_HOSTS": ["database.example"]})


@pytest.mark.parametrize("host", ["", "127.0.0.1", "/run/postgresql"])
def test_a_database_on_this_machine_needs_no_encryption(host):
    refuse_unsafe(database(host))


@pytest.mark.parametrize(
    "url", ["redis://:word@redis:6379/0", "rediss://redis.example:6379/0?ssl_cert_reqs=required"]
)
def test_production_takes_redis_on_a_network_of_its_own_or_verified(url):
    refuse_unsafe(SAFE | {"REDIS_URL": url})


def test_production_refuses_two_servers_that_say_who_somebody_is():
    both = {
        "CAS_SERVER_URL": "https://cas.example.edu.cn/cas/",
        "OIDC_ISSUER_URL": "https://id.example.edu.cn",
        "OIDC_CLIENT_ID": "sbk",
    }
    with pytest.raises(ImproperlyConfigured, match="OIDC_ISSUER_URL must not stand beside"):
        refuse_unsafe(SAFE | both)


def test_production_takes_a_single_sign_on_that_is_whole():
    oidc = {"OIDC_ISSUER_URL": "https://id.example.edu.cn"}
    with pytest.raises(ImproperlyConfigured, match="OIDC_CLIENT_ID"):
        refuse_unsafe(SAFE | oidc)
    refuse_unsafe(SAFE | oidc | {"OIDC_CLIENT_ID": "sbk", "LOCAL_SIGN_IN": False})
    refuse_unsafe(SAFE | {"CAS_SERVER_URL": "https://cas.example.edu.cn/cas/"})


def test_the_stand_in_of_a_demonstration_is_not_there_in_production():
    env = PRODUCTION | {"SBK_DEMO": "1", "DEMO_SINGLE_SIGN_ON": "cas"}
    assert values("DEMO_SINGLE_SIGN_ON", "CAS_SERVER_URL", env=env) == {
        "DEMO_SINGLE_SIGN_ON": "",
        "CAS_SERVER_URL": "",
    }


def test_a_gateway_on_this_machine_needs_no_encryption():
    refuse_unsafe(SAFE | {"SMS_GATEWAY_URL": "http://127.0.0.1:9000/send"})


def test_production_names_all_that_is_unsafe_in_one_message():
    message = refusal({**PRODUCTION, "ALLOWED_HOSTS": "*", "SBK_DEBUG": "1"})
    assert "SBK_DEBUG" in message
    assert "ALLOWED_HOSTS" in message


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


def test_a_file_of_a_value_that_cannot_be_read_is_named():
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY_FILE .* No such file"):
        environment.Given({"SECRET_KEY_FILE": "/nowhere/key"})["SECRET_KEY"]


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


@pytest.mark.parametrize(
    ("further", "words"),
    [
        ({"CITY_BUREAUS": "370200=青岛"}, "FURTHER_BUREAUS must name"),
        (
            {
                "CITY_BUREAUS": "370200=青岛",
                "FURTHER_BUREAUS": "青岛=apps.bureau.adapters.files.FilesBureau",
            },
            "FURTHER_BUREAU_DIRS must name two folders",
        ),
    ],
)
def test_a_city_without_its_bureau_and_a_bureau_without_folders_are_refused(further, words):
    assert words in refusal(PRODUCTION | further)
