"""A setting that makes no sense is refused at the start, with its name and without its value."""

import re
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from sbk_portal.environment import check_networks, env
from tests.settings_process import PRODUCTION, refusal, values

NAME = "A_SETTING"


def message(read, name=NAME):
    with pytest.raises(ImproperlyConfigured) as refused:
        read(name)
    return str(refused.value)


@pytest.mark.parametrize(
    ("read", "name", "value"),
    [
        (env.int, NAME, "abc"),
        (env.int, NAME, "1.5"),
        (env.int, NAME, "-1"),
        (env.int, NAME, ""),
        (env.int, "A_SETTING_DAYS", "99999999999"),
        (env.float, NAME, "nan"),
        (env.float, NAME, "inf"),
        (env.float, "A_SETTING_TIMEOUT", "0"),
        (env.bool, NAME, "ture"),
        (env.bool, NAME, "2"),
        (env.dict, NAME, "abc"),
        (env.str, "A_SETTING_URL", "https://[::1"),
        (env.str, "A_SETTING_URL", "https://a:b@host:port/"),
    ],
)
def test_a_value_of_no_sense_is_named_and_not_shown(monkeypatch, read, name, value):
    monkeypatch.setenv(name, value)
    said = message(read, name)
    assert said.startswith(f"{name} must")
    assert len(value) < 4 or value not in said


@pytest.mark.parametrize("value", ["true", "False", " yes ", "0", "", "ON"])
def test_the_usual_words_for_yes_and_no_are_taken(monkeypatch, value):
    monkeypatch.setenv(NAME, value)
    assert env.bool(NAME) is (value.strip().lower() in {"true", "yes", "on"})


@pytest.mark.parametrize("network", ["10.0.0.1/8", "校园网", "10.0.0.0/8,172.16.0.0/12"])
def test_a_network_that_is_none_is_found_at_the_start_and_not_at_a_sign_in(network):
    with pytest.raises(ImproperlyConfigured, match="NAMED_NETWORKS"):
        check_networks("NAMED_NETWORKS", [network])
    check_networks("NAMED_NETWORKS", ["10.0.0.0/8", "fd00::/8"])


BAD = {"int": "abc", "float": "abc", "bool": "ture", "dict": "abc"}
READS = re.compile(r'\benv\.(int|float|bool|dict)\(\s*"([A-Z_0-9]+)"')
SOURCES = sorted(Path(__file__).parents[1].glob("sbk_portal/*.py"))
READ = sorted({found for path in SOURCES for found in READS.findall(path.read_text())})
# Read where they have a meaning only.
OF_A_DEMONSTRATION = {"SBK_DEMO"}


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "name"), READ)
def test_production_names_every_number_and_choice_that_makes_no_sense(kind, name):
    if name not in OF_A_DEMONSTRATION:
        said = refusal(PRODUCTION | {name: BAD[kind]})
        assert f"ImproperlyConfigured: {name} must" in said


@pytest.mark.parametrize(
    "name", ["DATABASE_URL", "NAMED_NETWORKS", "METRICS_NETWORKS", "PORTAL_URL", "REDIS_URL"]
)
def test_production_names_an_address_or_network_that_is_none(name):
    bad = "a=b" if name == "NAMED_NETWORKS" else "x" if name == "DATABASE_URL" else "https://[::1"
    said = refusal(PRODUCTION | {name: bad})
    assert "ImproperlyConfigured: " in said
    assert name in said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("QUIET_HOURS", "22-7"),
        ("QUIET_HOURS", "25:00-07:00"),
        ("QUIET_HOURS", "22:00-22:00"),
        ("DIGEST_HOUR", "24"),
        ("EMAIL_URL", "mail.example"),
    ],
)
def test_an_hour_or_a_mail_server_that_is_none_is_named(name, value):
    assert f"ImproperlyConfigured: {name} must" in refusal({name: value})


def test_quiet_hours_may_be_within_a_day_and_may_be_none():
    for hours in ("", "12:30-14:00", "22:00-07:00"):
        assert values("QUIET_HOURS", env={"QUIET_HOURS": hours}) == {"QUIET_HOURS": hours}
