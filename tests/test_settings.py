"""Settings of the production mode, read by a process of their own."""

import base64
import json
import os
import re
import runpy
import subprocess
import sys

import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from sbk_portal import environment, rules

# Enough to load the settings in production mode. Used in these tests only.
PRODUCTION = {
    "SBK_MODE": "production",
    "SECRET_KEY": "$dollar-first-and-then-fifty-different-characters-0123456789",
    "FIELD_KEYS": base64.urlsafe_b64encode(bytes(range(32))).decode(),
    "INDEX_KEY": "0123456789abcdef" * 4,
    "DATABASE_URL": "postgres://portal:secret@database.example/portal?sslmode=require",
    "REDIS_URL": "redis://redis.example:6379/0",
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
    result = python("-c", code, env={"DJANGO_SETTINGS_MODULE": "sbk_portal.settings", **env})
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def refusal(env):
    """The last line of a start that is refused."""
    result = python("manage.py", "check", env=env)
    assert result.returncode != 0
    return result.stderr.strip().splitlines()[-1]


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


def test_production_keeps_what_it_was_given():
    read = values(
        "SECRET_KEY", "DATABASES", "CACHES", "CELERY_BROKER_URL", "DEBUG", "DEMO", env=PRODUCTION
    )
    assert read["SECRET_KEY"] == PRODUCTION["SECRET_KEY"]
    database = read["DATABASES"]["default"]
    assert database["OPTIONS"] == {"sslmode": "require", "pool": {"min_size": 1, "max_size": 8}}
    assert database["CONN_MAX_AGE"] == 0
    assert read["CACHES"]["default"]["LOCATION"] == PRODUCTION["REDIS_URL"]
    assert read["CELERY_BROKER_URL"] == PRODUCTION["REDIS_URL"]
    assert not read["DEBUG"]


def test_production_is_never_a_demonstration():
    assert values("DEMO", env={**PRODUCTION, "SBK_DEMO": "1"}) == {"DEMO": False}


def test_the_embedded_mode_makes_its_secrets_once_and_keeps_them_to_itself(tmp_path):
    env = {"SBK_VAR_DIR": str(tmp_path / "var")}
    names = ("SECRET_KEY", "FIELD_KEYS", "INDEX_KEY")
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


def sources():
    for name in ("environment", "parties", "rules", "settings"):
        yield (settings.BASE_DIR / "sbk_portal" / f"{name}.py").read_text(encoding="utf-8")


def guide_rows():
    """The variables and the other cells of each row of the operators' guide."""
    guide = (settings.BASE_DIR / "docs" / "deployment.md").read_text(encoding="utf-8")
    for line in guide.splitlines():
        if line.startswith("| `"):
            names, *cells = (cell.strip() for cell in line.strip("|").split("|"))
            yield re.findall(r"`([A-Z_]+)`", names), cells


def test_the_operators_guide_lists_exactly_the_variables_that_are_read():
    read = set(re.findall(r"""(?:env\.\w+|_secret)\(\s*"([A-Z_]+)\"""", "".join(sources())))
    listed = [name for names, _ in guide_rows() for name in names]
    assert set(listed) == read | set(PRODUCTION)
    optional = [name for names, cells in guide_rows() if len(cells) == 2 for name in names]
    assert len(optional) == len(set(optional))


class DefaultsOnly:
    """Stands for the environment in which nothing is set, and notes the defaults of numbers."""

    def __init__(self):
        self.numbers = {}

    def int(self, name, default):
        self.numbers[name] = default
        return default

    float = int

    def str(self, name, default):
        return default

    bool = str


def test_the_operators_guide_names_the_default_of_every_rule(monkeypatch):
    nothing = DefaultsOnly()
    monkeypatch.setattr(environment, "env", nothing)
    runpy.run_path(rules.__file__)
    shown = {}
    for names, cells in guide_rows():
        if len(cells) == 2:
            shown |= dict(zip(names, cells[0].split("、"), strict=False))
    units = {None: 1, " MB": 1024 * 1024, " 万": 10_000}
    numbers = {
        name: float(found[1]) * units[found[2]]
        for name, text in shown.items()
        if (found := re.fullmatch(r"([0-9.]+)( MB| 万)?", text))
    }
    assert nothing.numbers
    assert {name: numbers.get(name) for name in nothing.numbers} == nothing.numbers


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
