"""Secrets, and the outside parties the portal talks to: which adapters, where, with which keys.

`settings` takes in every name of this file. In production the start is refused while a value is
missing that the chosen adapters need.
"""

import os

from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from sbk_portal.embedded import load_or_create_secrets
from sbk_portal.environment import EMBEDDED, VAR_DIR, env

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
    "DATABASE_URL",
    "REDIS_URL",
    "ALLOWED_HOSTS",
    "PORTAL_URL",
    "CARD_BUREAU",  # named on purpose: the simulated one would tell people of cards nobody makes
]
# What a chosen adapter needs besides.
REQUIRED_BY_GATEWAY = {
    "alipay": ["PORTAL_PAYMENT_KEY", "ALIPAY_APP_ID", "ALIPAY_SELLER_ID", "ALIPAY_PUBLIC_KEY"],
    "sandbox": ["PORTAL_PAYMENT_KEY", "SANDBOX_CASHIER_KEY"],
}
REQUIRED_BY_SMS_SENDER = {
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
        if not os.environ.get(name, "").strip()
    ]
    if _missing:
        raise ImproperlyConfigured(
            "The portal cannot start in production mode; set in the environment: "
            + ", ".join(_missing)
        )


def _secret(name):
    # Not by `env`, which takes a value that begins with a dollar sign for another variable's name.
    return os.environ.get(name) or _generated.get(name, "")


SECRET_KEY = _secret("SECRET_KEY")
# Fernet keys of the encrypted columns, newest first; the first one encrypts, all of them decrypt.
FIELD_KEYS = [key.strip() for key in _secret("FIELD_KEYS").split(",") if key.strip()]
try:
    for _key in FIELD_KEYS:
        Fernet(_key)
except ValueError:
    raise ImproperlyConfigured(
        "FIELD_KEYS must be Fernet keys (32 bytes in URL-safe base64), separated by commas"
    ) from None
# Key of the blind indexes (HMAC-SHA-256): exact look-up and uniqueness without the plain value.
INDEX_KEY = _secret("INDEX_KEY")
if len(INDEX_KEY) < 32:
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
# RSA private keys: the portal signs its orders, the sandbox cashier its notifications. PEM or DER
# in Base64. Of Alipay we hold the public key of their platform, from the console of the contract.
PORTAL_PAYMENT_KEY = _secret("PORTAL_PAYMENT_KEY")
SANDBOX_CASHIER_KEY = _secret("SANDBOX_CASHIER_KEY")
SANDBOX_CASHIER_PATH = "/cashier/gateway.do"  # below PORTAL_URL, where our own cashier listens
ALIPAY_GATEWAY_URL = env.str("ALIPAY_GATEWAY_URL", default="https://openapi.alipay.com/gateway.do")
ALIPAY_APP_ID = env.str("ALIPAY_APP_ID", default="")
ALIPAY_SELLER_ID = env.str("ALIPAY_SELLER_ID", default="")
ALIPAY_PUBLIC_KEY = env.str("ALIPAY_PUBLIC_KEY", default="", multiline=True)
# Who compares a face with a person: a class with the methods of the local one. A unit with a
# certification service of its own names its adapter here.
FACE_PROVIDER = env.str("FACE_PROVIDER", default="apps.verification.providers.LocalFaces")
# The SMS gateway of HttpSms: address, the key that signs, and the longest wait in seconds.
SMS_GATEWAY_URL = env.str("SMS_GATEWAY_URL", default="")
SMS_GATEWAY_KEY = env.str("SMS_GATEWAY_KEY", default="")
SMS_GATEWAY_TIMEOUT = env.float("SMS_GATEWAY_TIMEOUT", default=10.0)
