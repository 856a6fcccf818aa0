"""What the production mode refuses to start with, beside what is missing."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from django.core.exceptions import ImproperlyConfigured

LEAST_SECRET_LENGTH = 50
LEAST_SECRET_CHARACTERS = 10
WEAK_KEY = (
    f"must have {LEAST_SECRET_LENGTH} characters, drawn at random"
    f"（要随机产生，至少 {LEAST_SECRET_LENGTH} 个字符）"
)
DEBUGGING = (
    "shows the insides of the portal to everybody（会把内部信息显示给所有人，正式环境要关掉）"
)
ANY_HOST = "must name the hosts of the portal, without *（要写明对外的域名，不能用 *）"
READABLE = "must begin with https://（要用 https，否则路上的人看得到）"
OPEN_DATABASE = (
    "must have sslmode=verify-full, or PRIVATE_HOSTS the host"
    "（数据库在别的机器上，要用 TLS 并核对证书；只有门户自己用的内网写进 PRIVATE_HOSTS）"
)
OPEN_REDIS = (
    "must be rediss://… with ssl_cert_reqs=required and the name checked,"
    " or PRIVATE_HOSTS have the host"
    "（Redis 在别的机器上，要用 TLS 并核对证书；只有门户自己用的内网写进 PRIVATE_HOSTS）"
)
TWO_SERVERS = (
    "must not stand beside CAS_SERVER_URL: one could name the people of the other"
    "（只能配置一个统一身份认证，否则一个能冒用另一个的工号）"
)
_THIS_MACHINE = {"127.0.0.1", "localhost", "::1"}


def refuse_unsafe(values):
    """Raise ImproperlyConfigured naming everything in `values` (name → setting) that is unsafe."""
    wrong = [f"{name} {why}" for name, why in _findings(values) if why]
    if wrong:
        raise ImproperlyConfigured(
            f"unsafe for production（设置不安全，没有启动）: {'; '.join(wrong)}"
        )


def _findings(values):
    key = values["SECRET_KEY"]
    is_weak = len(key) < LEAST_SECRET_LENGTH or len(set(key)) < LEAST_SECRET_CHARACTERS
    yield (
        "SECRET_KEY",
        is_weak and WEAK_KEY,
    )
    yield (
        "SBK_DEBUG",
        values["DEBUG"] and DEBUGGING,
    )
    is_any = any(host in {"*", "."} or host.startswith("*") for host in values["ALLOWED_HOSTS"])
    yield (
        "ALLOWED_HOSTS",
        is_any and ANY_HOST,
    )
    for name in (
        "PORTAL_URL",
        "SMS_GATEWAY_URL",
        "ALIBABA_SMS_URL",
        "WECOM_URL",
        "ALIPAY_GATEWAY_URL",
        "CAS_SERVER_URL",
        "OIDC_ISSUER_URL",
    ):
        yield (
            name,
            _is_readable_by_others(values[name]) and READABLE,
        )
    yield from _inner_findings(values)
    known = values["BREACHED_PASSWORDS"]
    is_missing = known and not Path(known).is_file()
    yield "BREACHED_PASSWORDS", is_missing and "names no file（没有这个文件）"
    yield from _sign_in_findings(values)


def _inner_findings(values):
    """What goes in plain words, or unverified, to a database or a Redis on another machine."""
    private = {"", *_THIS_MACHINE, *values["PRIVATE_HOSTS"]}
    database = values["DATABASES"]["default"]
    host = database["HOST"]
    is_verified = database["OPTIONS"].get("sslmode") == "verify-full"
    is_socket = host.startswith("/")
    yield (
        "DATABASE_URL",
        not (is_verified or is_socket or host in private) and OPEN_DATABASE,
    )
    redis = urlsplit(values["REDIS_URL"])
    asked = parse_qs(redis.query)
    is_verified = (
        redis.scheme == "rediss"
        and asked.get("ssl_cert_reqs") == ["required"]
        # Without it the certificate of any host would do.
        and asked.get("ssl_check_hostname", ["true"]) == ["true"]
    )
    yield "REDIS_URL", not (is_verified or (redis.hostname or "") in private) and OPEN_REDIS


def _sign_in_findings(values):
    servers = {name: values[name] for name in ("CAS_SERVER_URL", "OIDC_ISSUER_URL")}
    for name, url in servers.items():
        # The stand-in of a demonstration signs anybody in, as whoever they say they are.
        is_own = url.startswith(values["PORTAL_URL"])
        yield name, is_own and "must be the university's server, not this portal"
    yield "OIDC_ISSUER_URL", all(servers.values()) and TWO_SERVERS
    has_no_client = values["OIDC_ISSUER_URL"] and not values["OIDC_CLIENT_ID"]
    yield "OIDC_CLIENT_ID", has_no_client and "must be set beside OIDC_ISSUER_URL"
    nobody_enters = not values["LOCAL_SIGN_IN"] and not any(servers.values())
    yield "LOCAL_SIGN_IN", nobody_enters and "must stay on without a single sign-on"


def _is_readable_by_others(url):
    """Whether `url` leaves this machine without TLS."""
    parts = urlsplit(url)
    return bool(url) and parts.scheme != "https" and parts.hostname not in _THIS_MACHINE
