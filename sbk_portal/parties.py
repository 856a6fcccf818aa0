"""Secrets, and the outside parties the portal talks to: which adapters, where, with which keys.

`settings` takes in every name of this file. In production the start is refused while a value is
missing that the chosen adapters need.
"""

import base64
import binascii
import re

from django.core.exceptions import ImproperlyConfigured

from apps.encryption.sealed_boxes import read_public
from sbk_portal.embedded import load_or_create_secrets
from sbk_portal.environment import BASE_DIR, DEMO, EMBEDDED, VAR_DIR, env, given

# --- Which adapters -----------------------------------------------------------------------------

# Payments: the gateway that takes new orders (sandbox or alipay). In production the sandbox is used
# only when it is named here, with a key of its own.
PAYMENT_GATEWAY = env.str("PAYMENT_GATEWAY", default="sandbox" if EMBEDDED else "alipay")
# The card bureau: which adapter.
CARD_BUREAU = env.str("CARD_BUREAU", default="apps.bureau.adapters.simulated.SimulatedBureau")
# Cities whose cards another bureau makes (370200=青岛), and the adapter of each of these.
CITY_BUREAUS: dict[str, str] = env.dict("CITY_BUREAUS", default={})
FURTHER_BUREAUS: dict[str, str] = env.dict("FURTHER_BUREAUS", default={})
# Messages: which adapter. The outbox keeps them for the demonstration page.
SMS_SENDER = env.str(
    "SMS_SENDER",
    default="apps.notices.senders.outbox.OutboxSms"
    if EMBEDDED
    else "apps.notices.senders.http_sms.HttpSms",
)

# --- Secrets ------------------------------------------------------------------------------------

REQUIRED_IN_PRODUCTION = [
    "SECRET_KEY",
    "FIELD_KEYS",
    "INDEX_KEY",
    "SEAL_KEY",
    "DATABASE_URL",
    "REDIS_URL",
    "ALLOWED_HOSTS",
    "PORTAL_URL",
    "CARD_BUREAU",  # named on purpose: the simulated one would tell people of cards nobody makes
]
# What a chosen adapter needs besides.
REQUIRED_BY_GATEWAY = {
    "alipay": [
        "PORTAL_PAYMENT_KEY",
        "ALIPAY_APP_ID",
        "ALIPAY_SELLER_ID",
        # The platform's key, or in certificate mode ours and that of the platform with its root.
        *(
            ["ALIPAY_CERT", "ALIPAY_APP_CERT", "ALIPAY_ROOT_CERT"]
            if given("ALIPAY_CERT")
            else ["ALIPAY_PUBLIC_KEY"]
        ),
    ],
    "sandbox": ["PORTAL_PAYMENT_KEY", "SANDBOX_CASHIER_KEY"],
}
REQUIRED_BY_SMS_SENDER = {
    "apps.notices.senders.alibaba_sms.AlibabaSms": [
        "ALIBABA_KEY_ID",
        "ALIBABA_KEY_SECRET",
        "ALIBABA_SMS_SIGN",
        "ALIBABA_SMS_TEMPLATES",
    ],
    "apps.notices.senders.http_sms.HttpSms": ["SMS_GATEWAY_URL", "SMS_GATEWAY_KEY"],
}
FILES_BUREAU = "apps.bureau.adapters.files.FilesBureau"
REQUIRED_BY_BUREAU = {
    FILES_BUREAU: ["BUREAU_OUT_DIR", "BUREAU_IN_DIR"],
}


def check_further_bureaus(of_city, adapters, folders):
    """Raise ImproperlyConfigured when a city names no bureau, or a bureau lacks its two folders."""
    unknown = set(of_city.values()) - set(adapters)
    if unknown:
        raise ImproperlyConfigured(f"FURTHER_BUREAUS must name the adapters of {sorted(unknown)}")
    for name, adapter in adapters.items():
        if adapter == FILES_BUREAU and len(folders.get(name, ())) != 2:
            raise ImproperlyConfigured(
                f"FURTHER_BUREAU_DIRS must name two folders for {name!r}: {name}=/out:/in"
            )


def check_bureau_keys(keys, bureaus):
    """Raise ImproperlyConfigured for a key that is none, or of a bureau that no setting names."""
    for name, key in keys.items():
        if name not in bureaus:
            raise ImproperlyConfigured(f"FURTHER_BUREAU_KEYS has a key of {name!r}, no bureau")
        try:
            read_public(key)
        except ValueError as error:
            raise ImproperlyConfigured(
                f"the public key of the bureau {name!r} must be an X25519 key in PEM"
                f"（制卡中心的公钥读不出来，没有启动）: {error}"
            ) from error


if EMBEDDED:
    _generated = load_or_create_secrets(VAR_DIR / "secrets.json")
else:
    _generated = {}
    _missing = [
        name
        for name in [
            *REQUIRED_IN_PRODUCTION,
            *REQUIRED_BY_GATEWAY.get(PAYMENT_GATEWAY, []),
            *REQUIRED_BY_SMS_SENDER.get(SMS_SENDER, []),
            *REQUIRED_BY_BUREAU.get(CARD_BUREAU, []),
        ]
        if not given(name).strip()
    ]
    if _missing:
        raise ImproperlyConfigured(
            "The portal cannot start in production mode; set in the environment: "
            + ", ".join(_missing)
        )


def _secret(name):
    return given(name) or _generated.get(name, "")


SECRET_KEY = _secret("SECRET_KEY")
# Keys of the encrypted columns and files, newest first; the first one encrypts, all decrypt.
FIELD_KEYS = [key.strip() for key in _secret("FIELD_KEYS").split(",") if key.strip()]


def are_keys(texts):
    """Whether there is one at least, and each is 32 bytes in URL-safe Base64."""
    try:
        return bool(texts) and all(len(base64.urlsafe_b64decode(text)) == 32 for text in texts)
    except binascii.Error:
        return False


if not are_keys(FIELD_KEYS):
    raise ImproperlyConfigured(
        "FIELD_KEYS must be keys (32 bytes in URL-safe base64), separated by commas"
    )
# With which cipher is encrypted from now on (apps/encryption/ciphers.py). SM4 is GB/T 32907.
FIELD_CIPHER = env.str("FIELD_CIPHER", default="AES-256-GCM")
if FIELD_CIPHER not in ("AES-256-GCM", "SM4-GCM"):
    raise ImproperlyConfigured("FIELD_CIPHER must be AES-256-GCM or SM4-GCM")
# Keys of the blind indexes (HMAC-SHA-256), newest first: exact look-up and uniqueness without the
# plain value. The first one is written, all are looked up.
INDEX_KEYS = [key.strip() for key in _secret("INDEX_KEY").split(",") if key.strip()]
if not INDEX_KEYS or min(map(len, INDEX_KEYS)) < 32:
    raise ImproperlyConfigured("INDEX_KEY must have at least 32 characters, drawn at random")

# --- Keys and addresses of the parties -----------------------------------------------------------

# The card bureau: the folders of the adapter for files, where batches are put and reports found.
BUREAU_OUT_DIR = env.str("BUREAU_OUT_DIR", default=str(VAR_DIR / "bureau" / "out"))
BUREAU_IN_DIR = env.str("BUREAU_IN_DIR", default=str(VAR_DIR / "bureau" / "in"))
# Those of each further bureau: 青岛=/srv/out:/srv/in.
FURTHER_BUREAU_DIRS: dict[str, list[str]] = {
    name: folders.split(":")
    for name, folders in env.dict("FURTHER_BUREAU_DIRS", default={}).items()
}
check_further_bureaus(CITY_BUREAUS, FURTHER_BUREAUS, FURTHER_BUREAU_DIRS)
# The name of a file that lies in each of these folders where they are shared disks. Without it the
# folder is an empty mount point: nothing is written there. Empty: not asked.
BUREAU_MARKER = env.str("BUREAU_MARKER", default="")
if "/" in BUREAU_MARKER or BUREAU_MARKER.endswith((".csv", ".sha256")):
    raise ImproperlyConfigured("BUREAU_MARKER must be the name of a file, such as .sbk-mounted")
# Public keys (X25519, PEM or its middle line) of bureaus whose files are sealed: the main one, and
# further ones as 青岛=MCowBQ….
BUREAU_PUBLIC_KEY = given("BUREAU_PUBLIC_KEY")
if DEMO and not BUREAU_PUBLIC_KEY:  # whoever tries the demonstration opens its files with .private
    BUREAU_PUBLIC_KEY = (BASE_DIR / "fixtures" / "demo" / "centre.public").read_text()
FURTHER_BUREAU_KEYS: dict[str, str] = env.dict("FURTHER_BUREAU_KEYS", default={})
check_bureau_keys(FURTHER_BUREAU_KEYS, FURTHER_BUREAUS)
if BUREAU_PUBLIC_KEY:
    check_bureau_keys({"main": BUREAU_PUBLIC_KEY}, ["main"])
# RSA private keys: the portal signs its orders, the sandbox cashier its notifications. PEM or DER
# in Base64. Of Alipay we hold the public key of their platform, from the console of the contract.
PORTAL_PAYMENT_KEY = _secret("PORTAL_PAYMENT_KEY")
SANDBOX_CASHIER_KEY = _secret("SANDBOX_CASHIER_KEY")
SANDBOX_CASHIER_PATH = "/cashier/gateway.do"  # below PORTAL_URL, where our own cashier listens
ALIPAY_GATEWAY_URL = env.str("ALIPAY_GATEWAY_URL", default="https://openapi.alipay.com/gateway.do")
ALIPAY_APP_ID = env.str("ALIPAY_APP_ID", default="")
ALIPAY_SELLER_ID = env.str("ALIPAY_SELLER_ID", default="")
ALIPAY_PUBLIC_KEY = env.str("ALIPAY_PUBLIC_KEY", default="", multiline=True)
ALIPAY_CERT = env.str("ALIPAY_CERT", default="", multiline=True)
ALIPAY_APP_CERT = env.str("ALIPAY_APP_CERT", default="", multiline=True)
ALIPAY_ROOT_CERT = env.str("ALIPAY_ROOT_CERT", default="", multiline=True)
# Who compares a face with a person: a class with the methods of the local one. A unit with a
# certification service of its own names its adapter here.
FACE_PROVIDER = env.str("FACE_PROVIDER", default="apps.verification.providers.LocalFaces")
# A clamd that looks through every upload: the path of its socket, or host:port. "" for none.
VIRUS_SCANNER = env.str("VIRUS_SCANNER", default="")
VIRUS_SCANNER_TIMEOUT = env.float("VIRUS_SCANNER_TIMEOUT", default=10.0)
# The SMS gateway of HttpSms: address, the key that signs, and the longest wait in seconds.
SMS_GATEWAY_URL = env.str("SMS_GATEWAY_URL", default="")
SMS_GATEWAY_KEY = env.str("SMS_GATEWAY_KEY", default="")
SMS_GATEWAY_TIMEOUT = env.float("SMS_GATEWAY_TIMEOUT", default=2.5)
# Nothing rings in these hours of the night; what came up then is sent at their end. "" for none.
QUIET_HOURS = env.str("QUIET_HOURS", default="22:00-07:00")
_clock = r"([01]\d|2[0-3]):[0-5]\d"
# From an hour to the same one would be for ever.
if QUIET_HOURS and not re.fullmatch(rf"({_clock})-(?!\1){_clock}", QUIET_HOURS, re.ASCII):
    raise ImproperlyConfigured("QUIET_HOURS must be like 22:00-07:00（要写成 22:00-07:00）")
# SMS through Alibaba Cloud: what is sent of each kind (code, invitation, notice) is its template.
ALIBABA_SMS_URL = env.str("ALIBABA_SMS_URL", default="https://dysmsapi.aliyuncs.com/")
ALIBABA_KEY_ID = env.str("ALIBABA_KEY_ID", default="")
ALIBABA_KEY_SECRET = env.str("ALIBABA_KEY_SECRET", default="")
ALIBABA_SMS_SIGN = env.str("ALIBABA_SMS_SIGN", default="")
ALIBABA_SMS_TEMPLATES: dict[str, str] = env.dict("ALIBABA_SMS_TEMPLATES", default={})
# 企业微信 of the university: offered where WECOM_CORP_ID names it. {number} is the employee number.
WECOM_URL = env.str("WECOM_URL", default="https://qyapi.weixin.qq.com")
WECOM_CORP_ID = env.str("WECOM_CORP_ID", default="")
WECOM_AGENT_ID = env.int("WECOM_AGENT_ID", default=0)
WECOM_SECRET = env.str("WECOM_SECRET", default="")
WECOM_USER_ID = env.str("WECOM_USER_ID", default="{number}")
WECOM_TIMEOUT = env.float("WECOM_TIMEOUT", default=5.0)
# The server for e-mail: smtp://user:password@host:25; smtp+tls for STARTTLS, smtp+ssl for TLS.
try:
    _mail = env.email_url("EMAIL_URL", default="smtp://127.0.0.1:25")
except (ImproperlyConfigured, ValueError) as error:
    raise ImproperlyConfigured("EMAIL_URL must be like smtp://host:25（写法不对）") from error
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"], _mail["EMAIL_PORT"]
EMAIL_HOST_USER = _mail["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS = _mail.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", default="sbk-portal@localhost")
# E-mail of the university: offered where MAIL_ADDRESS names it, such as {number}@example.edu.cn.
MAIL_ADDRESS = env.str("MAIL_ADDRESS", default="")

# --- Where the portal calls ----------------------------------------------------------------------

# Where an answer of a party may lead besides, each with its scheme: the daily bill of Alipay, the
# keys of an OpenID Connect server.
OUTBOUND_PLACES: list[str] = env.list(
    "OUTBOUND_PLACES",
    default=["https://dwbillcenter.alipay.com", "http://dwbillcenter.alipay.com"],
)
# The settings whose places are called over HTTP (apps/common/http_calls.py); no other place is.
OUTBOUND_ADDRESSES = (
    *("PORTAL_URL", "ALIPAY_GATEWAY_URL", "SMS_GATEWAY_URL", "ALIBABA_SMS_URL", "WECOM_URL"),
    *("CAS_SERVER_URL", "OIDC_ISSUER_URL", "SEAL_WITNESSES", "ALARM_WEBHOOK_URL"),
    "OUTBOUND_PLACES",
)

# --- Seals on the book of events -----------------------------------------------------------------

# The Ed25519 key that signs the heads (PEM, or 32 bytes in Base64), and the public keys used before
# it, as `verify_seals --key` prints them.
SEAL_KEY = _secret("SEAL_KEY")
SEAL_FORMER_KEYS: list[str] = env.list("SEAL_FORMER_KEYS", default=[])
# Where heads go so that nobody who owns the database can rewrite them: a file on another disk or
# machine, addresses for one e-mail a day, witnesses (C2SP tlog-witness, whole address).
SEAL_COPY_FILE = env.str("SEAL_COPY_FILE", default="")
SEAL_COPY_MAIL: list[str] = env.list("SEAL_COPY_MAIL", default=[])
SEAL_WITNESSES: list[str] = env.list("SEAL_WITNESSES", default=[])
# Their public keys (`manage.py witness --key`): with them, an answer without a signature counts as
# none, and verify_seals checks it.
SEAL_WITNESS_KEYS: list[str] = env.list("SEAL_WITNESS_KEYS", default=[])
