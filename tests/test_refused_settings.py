"""What the settings refuse at the start: what is missing, what cannot be right, what is unsafe."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from sbk_portal import environment
from sbk_portal.safety import refuse_unsafe
from tests.settings_process import PRODUCTION, refusal


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


def test_a_gateway_on_this_machine_needs_no_encryption():
    refuse_unsafe(SAFE | {"SMS_GATEWAY_URL": "http://127.0.0.1:9000/send"})


def test_production_names_all_that_is_unsafe_in_one_message():
    message = refusal({**PRODUCTION, "ALLOWED_HOSTS": "*", "SBK_DEBUG": "1"})
    assert "SBK_DEBUG" in message
    assert "ALLOWED_HOSTS" in message


def test_a_file_of_a_value_that_cannot_be_read_is_named():
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY_FILE .* No such file"):
        environment.Given({"SECRET_KEY_FILE": "/nowhere/key"})["SECRET_KEY"]


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
